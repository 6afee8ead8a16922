/** What the owner copies: right for names and addresses of both kinds, and typed into a real server by the guide's test. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { planFirstSteps, urlOf } from '../../../../provisioning/setup/first-steps.ts'
import { repository } from '../../docs/pages.ts'

test('the configuration is one of the command line', t => {
  const { config } = planFirstSteps({ host: 'solo.example.com', organization: 'north' })
  const { current, contexts } = JSON.parse(config)
  t.like(contexts[current], { host: 'solo.example.com', port: 8443, scheme: 'https', organization: 'north' })
})

test('an address of IPv6 has brackets where a port follows, and only there', t => {
  const { trust, ssh, config } = planFirstSteps({ host: '2001:db8::5', organization: 'dispatch' })
  t.true(trust.includes('[2001:db8::5]:8443'))
  t.is(ssh, 'ssh admin@2001:db8::5')
  t.is(JSON.parse(config).contexts.solo.host, '2001:db8::5')
  t.is(urlOf('2001:db8::5'), 'https://[2001:db8::5]/')
})

test('the guide has the same commands', t => {
  const guide = readFileSync(join(repository, 'docs/guides/first-boot.md'), 'utf8')
  const typed = guide.replaceAll(/^[$>] /gm, '')
  const { config, trust, login, ssh, firstFunction } = planFirstSteps({
    host: 'dispatch.example.com',
    organization: 'dispatch',
  })
  for (const text of [config, login, ssh, ...trust.split('\n'), ...firstFunction.split('\n')])
    t.true(typed.includes(text), text)
})
