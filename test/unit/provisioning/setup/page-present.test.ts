/** What the machine has without anybody having set it, on the set-up page. */
import test from 'ava'
import { createSetupStage, filled, reviewAs } from '../../../helpers/setup-browser.ts'

const gateway = { key: 'network.gateway', problem: 'is not in the network', instead: 'DHCP is used' }

test('what DHCP gave is seen and not sent, also where the form comes back', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.values = {}
  agent.findFaults = () => [gateway]
  for (const { html } of [await browser.get(), await reviewAs(browser, filled)]) {
    t.regex(html, /placeholder="now: 10\.0\.2\.3 10\.0\.2\.4"/)
    t.false(html.includes('value="10.0.2.3'))
  }
  t.regex((await browser.get()).html, /value="10\.0\.2\.15\/24"[\s\S]*value="10\.0\.2\.2"/)
  t.like(agent.checks[0], { 'network.ip0': '', 'network.gateway': '', 'network.DNS': '' })
})

test('name servers that nobody enters are automatic by DHCP, and none beside a fixed address', async t => {
  const { browser } = await createSetupStage(t)
  const given = /Name servers<\/dt><dd>(?:<span class="soft">)?([^<]*)/
  t.is(given.exec((await reviewAs(browser, filled)).html)?.[1], 'Automatic')
  const fixed = { ...filled, addressing: 'fixed', address: '10.0.0.5/24' }
  t.is(given.exec((await reviewAs(browser, fixed)).html)?.[1], 'None')
})
