// Owns one anvil process on behalf of a devnet. Its standard input is a pipe that the devnet holds open and never
// writes to: when the devnet ends, however that happens (also SIGKILL), the pipe closes and anvil and its folder go.
// It runs in its own process group, so Ctrl-C reaches the devnet first, which then closes things in order.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [folder, binary, ...args] = process.argv.slice(2)
const anvil = spawn(binary, args, { stdio: ['ignore', 'inherit', 'inherit'] })

function removeFolderAndEnd(code) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.exit(code)
}
let asked = false
function stop() {
  asked = true
  anvil.kill('SIGKILL')
}
anvil.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  removeFolderAndEnd(1)
})
anvil.on('exit', (code) => removeFolderAndEnd(asked ? 0 : (code ?? 1)))
process.stdin.on('end', stop).on('error', stop).resume()
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop)
