/** The deployment files are valid, run without privileges, and use options that the command has. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readCommandLine } from '@glowworm/light-client/application/cli/options'
import { validate } from 'dockerfile-utils'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Service } from 'kubernetes-models/v1/Service'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

const ROOT = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')

const KINDS = { Deployment, StatefulSet, NetworkPolicy, PodDisruptionBudget, Service }
type Kind = keyof typeof KINDS

interface Container {
  readonly args: string[]
  readonly image: string
  readonly ports: { name: string; containerPort: number; protocol: string }[]
  readonly securityContext: Record<string, unknown>
  readonly readinessProbe: unknown
}
interface Manifest {
  readonly kind: Kind
  readonly spec: { template?: { spec: { securityContext: object; containers: Container[] } } }
}

function manifests(path: string): Manifest[] {
  return parseAllDocuments(read(path)).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS()
  })
}
const FILES = ['docs/deploy/kubernetes/bridge.yaml', 'docs/deploy/kubernetes/redis.yaml']
const containersOf = (all: Manifest[]) => all.flatMap(({ spec }) => spec.template?.spec.containers ?? [])

describe.each(FILES)('%s', (path) => {
  it('fits the schemas of Kubernetes', () => {
    for (const manifest of manifests(path)) {
      const Model = KINDS[manifest.kind] as new (data: object) => { validate(): void }
      expect(() => new Model(manifest).validate(), manifest.kind).not.toThrow()
      // The schemas are worth something: nonsense does not fit.
      expect(() =>
        new Model({
          ...manifest,
          spec: { ...manifest.spec, ports: 1, replicas: 'x', policyTypes: 1, maxUnavailable: {} },
        }).validate(),
      ).toThrow()
    }
  })

  it('runs without privileges', () => {
    for (const { securityContext, image, readinessProbe } of containersOf(manifests(path))) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(image).toMatch(/:[\d.]+/)
      expect(readinessProbe).toBeDefined()
    }
  })
})

const containerfile = read('docs/deploy/container/Containerfile')
const entry = JSON.parse(containerfile.match(/^ENTRYPOINT (\[.*\])$/m)![1]!) as string[]

describe('the container', () => {
  it('is a valid Containerfile', () => {
    expect(validate(containerfile)).toEqual([])
    expect(validate('FORM node\nEXPOSE x')).not.toEqual([])
  })

  it('listens where Kubernetes looks, with options that the command knows', () => {
    const [bridge] = containersOf(manifests(FILES[0]!))
    const args = [...entry.slice(entry.indexOf('bridge')), ...bridge!.args]
    const { words, values } = readCommandLine(args)
    expect(words).toEqual(['bridge'])
    const ports = Object.fromEntries(bridge!.ports.map(({ name, containerPort }) => [name, String(containerPort)]))
    expect(ports).toEqual({
      websocket: values['ws-port'],
      webrtc: values['webrtc-port'],
      stun: values['stun-port'],
      operations: values['operations-port'],
    })
    for (const port of Object.values(ports)) expect(containerfile).toMatch(new RegExp(`^EXPOSE.*\\b${port}/`, 'm'))
  })

  it('installs the versions that this project is tested with', () => {
    const { dependencies, overrides } = JSON.parse(read('docs/deploy/container/package.json'))
    const project = JSON.parse(read('light-client/package.json'))
    expect(dependencies['@libp2p/webrtc']).toBe(project.peerDependencies['@libp2p/webrtc'])
    expect(dependencies['@redis/client']).toBe(project.peerDependencies['@redis/client'])
    expect(dependencies['@glowworm/light-client']).toContain(project.version)
    expect(overrides).toEqual(JSON.parse(read('package.json')).overrides)
  })
})
