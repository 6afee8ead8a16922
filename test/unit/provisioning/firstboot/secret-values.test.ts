/** What is shown of values, and what one that comes back as it was shown stands for. */
import test from 'ava'
import fc from 'fast-check'
import { restoreSecrets, showValue, withoutSecrets } from '../../../../provisioning/firstboot/secret-values.ts'

const proxyKey = 'network.http_proxy'
const stored = {
  'network.ip0': '10.0.0.5/24',
  'appliance.root_pwd': 'one',
  'appliance.tls_cert_key': 'two',
  [proxyKey]: 'http://jon:three@proxy.example.com:3128',
}

test('secrets are left out, and those within an address are cut', t => {
  t.deepEqual(withoutSecrets(stored), {
    'network.ip0': '10.0.0.5/24',
    [proxyKey]: 'http://proxy.example.com:3128',
  })
})

test('a proxy is shown without its password, however it is written', t => {
  const ways = [
    'jon:secret@proxy',
    'http:jon:secret@proxy',
    'http://jon:se@cret@proxy',
    ' //secret@proxy',
    'x\nsecret@proxy',
  ]
  for (const text of ways) t.notRegex(showValue(proxyKey, text) ?? '', /secret|cret/, text)
  t.is(showValue(proxyKey, 'http://proxy:3128'), 'http://proxy:3128')
})

test('what comes back as it was shown is as it was', t => {
  const shown = withoutSecrets(stored)
  t.is(restoreSecrets(shown, stored)[proxyKey], stored[proxyKey])
  t.is(restoreSecrets({ [proxyKey]: 'http://other:3128' }, stored)[proxyKey], 'http://other:3128')
  t.is(restoreSecrets({ [proxyKey]: '' }, stored)[proxyKey], '')
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(proxyKey, 'x'), fc.string()), values => {
      t.deepEqual(restoreSecrets(withoutSecrets(values), values), values)
    }),
  )
})
