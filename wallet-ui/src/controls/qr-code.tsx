import { qrCode } from '@glowworm/light-client/network/pairing/qr-path'

/** A QR code as one path, always dark on light: scanners do not follow colour schemes. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = qrCode(text)
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} className="qr-light" />
      <path className="qr-dark" d={path} />
    </svg>
  )
}
