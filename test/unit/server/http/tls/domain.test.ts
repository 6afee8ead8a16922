/** What an authority can vouch for, and what operators write instead. */
import test from 'ava'
import { findDomainFault } from '../../../../../server/http/tls/domain.ts'

for (const domain of ['solo.example.com', 'a', 'xn--bcher-kva.example', '1.example', `${'a'.repeat(63)}.example`])
  test(`${domain} is a domain`, t => t.is(findDomainFault(domain), undefined))

const faults: Record<string, string> = {
  'https://solo.example': 'a URL',
  '*.example': 'a wildcard, which no authority vouches for by HTTP',
  '10.0.0.7': 'an address',
  'fd00::1': 'an address',
  '[fd00::1]': 'an address',
  'solo.example:443': 'a name with a port',
  '../x': 'no domain name',
  'a/b': 'no domain name',
  'my_box.example': 'no domain name',
  'solo.example.': 'no domain name',
  'solo..example': 'no domain name',
  'a b': 'no domain name',
  'bücher.example': 'no domain name',
  '300.1.2.3': 'no domain name',
  [`${'a'.repeat(64)}.example`]: 'no domain name',
}
for (const [text, fault] of Object.entries(faults))
  test(`"${text}" is ${fault}`, t => t.is(findDomainFault(text), fault))
