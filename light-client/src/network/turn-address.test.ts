import { expect, it } from 'vitest'
import { readTurnAddress } from './turn-address.ts'

it.each([
  ['turn:me:secret@turn.example', { urls: 'turn:turn.example', username: 'me', credential: 'secret' }],
  [
    'turns:me:a%3Ab%40c@[2001:db8::1]:5349?transport=tcp',
    { urls: 'turns:[2001:db8::1]:5349?transport=tcp', username: 'me', credential: 'a:b@c' },
  ],
  ['turn:turn.example:3478', null],
  ['stun:me:secret@turn.example', null],
  ['turn:me:secret@turn.example?transport=sctp', null],
  ['turn:me:%zz@turn.example', null],
  ['turn:me:secret@evil/..', null],
  ['https://turn.example', null],
])('%s', (text, server) => expect(readTurnAddress(text)).toEqual(server))
