import { PRODUCT } from '../../product.ts'

export const HELP = `${PRODUCT.name}: a light client that believes nobody.

  ${PRODUCT.slug} sync    follow a chain, every header checked
  ${PRODUCT.slug} get balance|nonce|code|storage ADDRESS
  ${PRODUCT.slug} get receipt TRANSACTION_HASH
                   one value, proven against a header checked here
  ${PRODUCT.slug} checkpoint
                   a finalized block that independent operators all agree on
  ${PRODUCT.slug} serve   JSON-RPC on this computer for wallets and apps, every answer verified
  ${PRODUCT.slug} prove METHOD PARAMS [METHOD PARAMS …] --out FILE
                   answers of JSON-RPC methods as one file that proves them
  ${PRODUCT.slug} verify FILE [--trust ROOT]
                   prove them again from the file alone; nobody is asked
  ${PRODUCT.slug} relink FILE --checkpoint ROOT --out FILE
                   the same answers from a root that is trusted today
  ${PRODUCT.slug} show FILE
                   what is in it, as JSON; nothing is verified
  ${PRODUCT.slug} bridge  carry evidence from nodes to browsers (WebRTC, WebSocket)

Sources (none is trusted; give several)
  --beacon URL           beacon node with the light-client REST endpoints; repeatable
  --execution URL        execution node (JSON-RPC); repeatable
  --peer MULTIADDR       a ${PRODUCT.name} peer or bridge; repeatable
  --beacon-states        prove old blocks by the beacon nodes' states: needs their debug
                         endpoint, and 300 MB for each state on mainnet
  --consensus-peer MULTIADDR|ENR
                         bridge: a consensus node over its own libp2p port, with or
                         instead of --beacon; repeatable

What to believe
  --network NAME|PATH    mainnet (default), sepolia, hoodi, gnosis, or a profile (JSON)
  --checkpoint ROOT      a finalized block root from a place you trust
  --checkpoint-from URL  instead: beacon nodes of independent operators, two or more,
                         which must all agree; kept under --data; repeatable
  --earlier-checkpoint ROOT
                         bridge: an older one that wallets still start from; repeatable
  --max-checkpoint-age DAYS
                         refuse an older one (default: the fork's weak-subjectivity period)
  --trust ROOT           verify: the block root that you believe
  --as-of TIME           judge ages by this time instead of now; nothing is stored

Output and state
  --once                 sync: stop at the newest finality instead of following
  --force-update WORDS   sync: where finality has failed for a whole period, believe what
                         fewer than two thirds signed. Dangerous; told when asked for
  --at finalized|optimistic
                         get: which head to prove against (default: finalized)
  --slot NUMBER          get storage: the slot
  --data FOLDER          keep evidence here and prove it again at the next start
  --ws-port N, --webrtc-port N, --stun-port N
                         bridge: ports to listen on (default: any free port)
  --host IP              bridge: address to listen on (default 127.0.0.1; 0.0.0.0 for all)
  --announce MULTIADDR   bridge: a further address to give to browsers, as of a TLS proxy; repeatable
  --operations-port N    bridge: /livez, /readyz and /metrics (Prometheus) on this port of --host
  --mailbox-port N       bridge: on this port of --host, take the answers of phones to pages
                         that want to use their wallet (for pages over TLS: behind a proxy)
  --redis URL            bridge: share evidence with other bridges (needs @redis/client)
  --drain SECONDS        bridge: time for requests under way when it is told to stop (default 5)
  --tcp-port N, --quic-port N
                         bridge: for peers that are no browsers (default: none)
  --relay-only           bridge: only let browsers find and reach each other; no evidence,
                         no sources, no checkpoint
  --consensus-port N     bridge: also be found by consensus nodes (default: not)
  --port N               serve: port on 127.0.0.1 (default 8545, 0 for any free one)
  --allow-origin URL     serve: a web page or extension that may ask; repeatable
                         (programs that send no origin always may)
  --timeout SECONDS      sync --once, get, checkpoint, prove, relink: give up after so long
                         (default 120)
  --call-seconds N       serve: computing that one call may take (default 10)
  --out FILE             prove, relink: the receipt
  --low-memory           take some 10 MB less, and half as long again to compute
  --json                 for machines
  --help, --version

Exit codes: 0 ok, 2 usage, 3 cannot be proven, 4 a source lied, 5 stale checkpoint,
6 verify: holds if the root in the file is true, and no root of yours was named,
130 interrupted before there was an answer (what runs until interrupted ends with 0).
This software is unaudited.`
