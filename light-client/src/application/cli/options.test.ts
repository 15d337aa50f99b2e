import { describe, expect, it } from 'vitest'
import { networkOf, readCommandLine, timeLimit, UsageError } from './options.ts'

describe('wrong use is told in plain words', () => {
  it.each([
    [['get', 'balance', '--bogus'], 'unknown option --bogus'],
    [['get', '--bogus=1'], 'unknown option --bogus'],
    [['get', '-z'], 'unknown option -z'],
    [['sync', '--network'], '--network: a value is missing'],
    [
      ['sync', '--network', '--once'],
      '--network: a value is missing (one that begins with "-" is written --network=VALUE)',
    ],
    [['sync', '--json=yes'], '--json: takes no value'],
    [['sync', '--help=yes'], '--help: takes no value'],
  ])('%j', (args, words) => {
    expect(() => readCommandLine(args)).toThrow(new UsageError(words))
  })

  it('an address is no profile', async () => {
    const line = readCommandLine(['sync', '--network', 'https://node.example/network.json'])
    await expect(networkOf(line)).rejects.toThrow(/^--network: a profile is a file, and https:\/\/node\.example/)
  })

  it.each(['soon', '0', '-1', '86401', ''])('a time of %j', (value) => {
    expect(() => timeLimit(value, '--timeout')).toThrow('--timeout: expected seconds above 0, at most 86400')
  })
})

it('times may be fractions, or absent', () => {
  expect(timeLimit('0.5', '--timeout')).toBe(0.5)
  expect(timeLimit(undefined, '--timeout')).toBeUndefined()
})
