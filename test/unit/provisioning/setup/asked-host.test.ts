/** Any host may be asked for; what is none is not repeated. */
import test from 'ava'
import { hostOf } from '../../../../provisioning/setup/asked-host.ts'

const cases: [string | undefined, string | undefined][] = [
  ['10.0.0.5', '10.0.0.5'],
  ['Dispatch.Example.com:443', 'dispatch.example.com'],
  ['[fe80::1]:8443', 'fe80::1'],
  ['[::1]', '::1'],
  [undefined, undefined],
  ['', undefined],
  ['[evil]', undefined],
  ['a b', undefined],
  ['"><script>', undefined],
  ['host/path', undefined],
  ['user@host', undefined],
  ['host:1:2', undefined],
  ['a'.repeat(300), undefined],
]
for (const [host, expected] of cases)
  test(`${host?.slice(0, 40)} is ${expected}`, t => {
    t.is(hostOf(host === undefined ? {} : { host }), expected)
  })
