/** Peers in a page, over WebRTC; brings libp2p, and needs the optional peer dependency `@libp2p/webrtc`. */
export {
  type BrowserNode,
  type BrowserNodeOptions,
  createBrowserNode,
} from './network/libp2p/browser-node.ts'
