/**
 * Two private networks, each behind an address translator of its own, on one public segment; made of Linux network
 * namespaces, so that nothing leaves this computer or comes in.
 *
 * ```
 * left 10.77.1.2 ─ translator 198.51.100.11 ┐
 *                                           ├ public segment, 198.51.100.1
 * right 10.77.2.2 ─ translator 198.51.100.12┘
 * ```
 *
 * A translator masquerades, and drops whatever nobody inside has asked for: endpoint-independent mapping with address-
 * and port-dependent filtering (RFC 4787), as home routers do it.
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'

export const PUBLIC_ADDRESS = '198.51.100.1'

export interface PrivateNetwork {
  /** The namespace of its one computer. */
  readonly namespace: string
  /** Address its translator shows to the public. */
  readonly outside: string
}

export interface TranslatedNetworks {
  /** Namespace of the computer that has `PUBLIC_ADDRESS`. */
  readonly publicSide: string
  readonly left: PrivateNetwork
  readonly right: PrivateNetwork
  /** Ends what still runs in the namespaces, and removes them. */
  close(): void
}

const MARK = 'glowworm-nat'
/** Administration lies where not everybody's path leads. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` }
const RULES = `
table ip translator {
  chain outbound {
    type nat hook postrouting priority srcnat
    oifname "wan" masquerade
  }
  chain through {
    type filter hook forward priority filter; policy drop
    iifname "lan" oifname "wan" accept
    ct state established,related accept
  }
  chain to_itself {
    type filter hook input priority filter; policy drop
    iifname "lan" accept
    ct state established,related accept
  }
}
`

/** Why this system makes no such networks, in words for a person; null where it does. */
export function whyNoTranslation(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s'
  if (process.getuid?.() !== 0) return 'network namespaces take root'
  const name = `${MARK}-${process.pid}-try`
  try {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'add', 'segment', 'type', 'bridge')
    ip('-n', name, 'link', 'add', 'wan', 'type', 'veth', 'peer', 'name', 'lan')
    run('nft', ['--check', '--file', '-'], RULES, name)
    return null
  } catch (error) {
    const { code, path, stderr } = error as NodeJS.ErrnoException & { stderr?: string }
    return code === 'ENOENT' ? `${path} is not installed` : String(stderr || error).trim()
  } finally {
    removeQuietly(name)
  }
}

/** Lays the networks. What a run that died has left behind is removed first. */
export function layNetworks(): TranslatedNetworks {
  for (const name of leftovers()) remove(name)
  const names: string[] = []
  const add = (role: string) => {
    const name = `${MARK}-${process.pid}-${role}`
    ip('netns', 'add', name)
    names.push(name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    return name
  }
  const close = () => {
    for (const name of names.splice(0).reverse()) remove(name)
  }
  try {
    const publicSide = add('public')
    ip('-n', publicSide, 'link', 'add', 'segment', 'type', 'bridge')
    raise(publicSide, 'segment', `${PUBLIC_ADDRESS}/24`)
    const behindTranslator = (role: string, number: number): PrivateNetwork => {
      const [translator, namespace] = [add(`${role}-translator`), add(role)]
      const outside = `198.51.100.${10 + number}`
      ip('-n', publicSide, 'link', 'add', role, 'type', 'veth', 'peer', 'name', 'wan', 'netns', translator)
      ip('-n', publicSide, 'link', 'set', role, 'master', 'segment', 'up')
      ip('-n', translator, 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
      raise(translator, 'wan', `${outside}/24`)
      raise(translator, 'lan', `10.77.${number}.1/24`)
      raise(namespace, 'eth0', `10.77.${number}.2/24`)
      ip('-n', namespace, 'route', 'add', 'default', 'via', `10.77.${number}.1`)
      run('sh', ['-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'], '', translator)
      run('nft', ['--file', '-'], RULES, translator)
      return { namespace, outside }
    }
    return { publicSide, left: behindTranslator('left', 1), right: behindTranslator('right', 2), close }
  } catch (error) {
    close()
    throw error
  }
}

/** Starts a program inside a namespace. */
export function spawnInside(namespace: string, program: string, args: readonly string[], options: SpawnOptions) {
  return spawn('ip', ['netns', 'exec', namespace, program, ...args], { env: ENVIRONMENT, ...options })
}

/** Writes a script that starts `program` inside a namespace, for whoever starts programs by path alone. */
export function writeStarter(path: string, namespace: string, program: string): string {
  writeFileSync(path, `#!/bin/sh\nPATH="$PATH:/usr/sbin:/sbin"\nexec ip netns exec ${namespace} "${program}" "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

function raise(namespace: string, device: string, address: string): void {
  ip('-n', namespace, 'address', 'add', address, 'dev', device)
  ip('-n', namespace, 'link', 'set', device, 'up')
}

/** Namespaces of runs whose process is gone. */
function leftovers(): string[] {
  const names = ip('netns', 'list')
    .split('\n')
    .flatMap((line) => line.split(' ')[0] ?? [])
  return names.filter((name) => {
    const owner = new RegExp(`^${MARK}-(\\d+)-`).exec(name)?.[1]
    return owner !== undefined && !isAlive(Number(owner))
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function remove(name: string): void {
  for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it has ended meanwhile
    }
  }
  ip('netns', 'delete', name)
}

function removeQuietly(name: string): void {
  try {
    remove(name)
  } catch {
    // it was never made
  }
}

const ip = (...args: string[]): string => run('ip', args)

function run(program: string, args: readonly string[], input = '', namespace?: string): string {
  const [command, all] =
    namespace === undefined ? [program, args] : ['ip', ['netns', 'exec', namespace, program, ...args]]
  const options: ExecFileSyncOptionsWithStringEncoding = {
    env: ENVIRONMENT,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  }
  return execFileSync(command, all, options)
}
