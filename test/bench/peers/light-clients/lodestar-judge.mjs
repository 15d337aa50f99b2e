/**
 * Lodestar's light client judges updates that come on standard input: one JSON object with the chain and the steps; one
 * JSON object goes out, with the verdict and the store after each. The preset is that of LODESTAR_PRESET, so this runs
 * as a process of its own.
 */
import { chainConfigFromJson, createBeaconConfig } from '@lodestar/config'
import { LightclientSpec } from '@lodestar/light-client/spec'
import { EPOCHS_PER_SYNC_COMMITTEE_PERIOD, SLOTS_PER_EPOCH } from '@lodestar/params'
import { ssz } from '@lodestar/types'
// Not among the exports, but nothing else of the package checks a bootstrap without polling a node.
import { validateLightClientBootstrap } from './node_modules/@lodestar/light-client/lib/spec/validateLightClientBootstrap.js'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const { forks, genesisValidatorsRoot, checkpoint, bootstrap, currentSlot, steps } = JSON.parse(Buffer.concat(chunks))

const config = createBeaconConfig(
  chainConfigFromJson({
    PRESET_BASE: process.env.LODESTAR_PRESET,
    ...Object.fromEntries(
      forks.flatMap(({ name, epoch, version }) => [
        [`${name.toUpperCase()}_FORK_EPOCH`, String(epoch)],
        [`${name.toUpperCase()}_FORK_VERSION`, version],
      ]),
    ),
  }),
  fromHex(genesisValidatorsRoot),
)
const options = { allowForcedUpdates: false, updateHeadersOnForcedUpdate: false }

function start() {
  const value = ssz[bootstrap.fork].LightClientBootstrap.deserialize(fromHex(bootstrap.ssz))
  validateLightClientBootstrap(config, fromHex(checkpoint), value)
  return new LightclientSpec(config, options, value)
}

/** Applies one update; the client is as it was when it is refused. */
function apply(client, { fork, ssz: bytes }) {
  const update = ssz[fork].LightClientUpdate.deserialize(fromHex(bytes))
  client.onUpdate(currentSlot, update)
}

function describe({ store }) {
  const committees = {}
  for (const [period, { pubkeys }] of store.syncCommittees)
    committees[period] = hex(ssz.altair.SyncCommittee.fields.pubkeys.hashTreeRoot(pubkeys.map((key) => key.toBytes())))
  for (const [period, { update }] of store.bestValidUpdates)
    committees[period + 1] = hex(ssz.altair.SyncCommittee.fields.pubkeys.hashTreeRoot(update.nextSyncCommittee.pubkeys))
  return { finalized: headerOf(store.finalizedHeader), optimistic: headerOf(store.optimisticHeader), committees }
}

function headerOf({ beacon }) {
  const { slot } = beacon
  const period = Math.floor(slot / SLOTS_PER_EPOCH / EPOCHS_PER_SYNC_COMMITTEE_PERIOD)
  return { slot, period, root: hex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon)) }
}

/** Each step is either on the way, or tried and forgotten: then the way so far is gone again for the next. */
const way = []
let client = start()
const verdicts = steps.map(({ update, onTheWay }) => {
  try {
    apply(client, update)
  } catch (error) {
    return { accepted: false, reason: error.message, store: describe(client) }
  }
  const store = describe(client)
  if (onTheWay) way.push(update)
  else {
    client = start()
    for (const before of way) apply(client, before)
  }
  return { accepted: true, store }
})
process.stdout.write(JSON.stringify({ first: describe(start()), verdicts }))

function fromHex(text) {
  return new Uint8Array(Buffer.from(text.replace(/^0x/, ''), 'hex'))
}
function hex(bytes) {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
