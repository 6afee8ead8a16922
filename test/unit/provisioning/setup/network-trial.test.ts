/** A claim that changes the network: tried first, then confirmed at the new address, or gone back. */
import test from 'ava'
import { code } from '../../../helpers/fake-agent.ts'
import { claimAs, createSetupStage, filled, hiddenOf, reviewAs } from '../../../helpers/setup-browser.ts'

test('another network is tried: where to go, there the confirmation, wrong codes included, then it is claimed', async t => {
  const { browser, agent } = await createSetupStage(t)
  let nowMs = 1_000_000
  agent.nowMs = () => nowMs
  agent.claim = async () => ({ outcome: 'trial', untilMs: nowMs + 90_000, addresses: ['10.0.0.9', '2001:db8::9'] })
  const trial = await claimAs(browser)
  t.is(trial.status, 200)
  t.regex(trial.html, /href="https:\/\/10\.0\.0\.9\/"/)
  t.regex(trial.html, /href="https:\/\/\[2001:db8::9\]\/"/)
  t.regex(trial.html, /data-seconds="90"/)
  nowMs += 30_000
  const confirm = await browser.get()
  t.regex(confirm.html, /Keep this network\?/)
  t.regex(confirm.html, /data-seconds="60"/)
  const wrong = await browser.post({ code: 'WRONG' }, { url: '/confirm' })
  t.is(wrong.status, 403)
  t.regex(wrong.html, /data-seconds="60"/)
  const done = await browser.post({ code }, { url: '/confirm' })
  t.is(done.status, 200)
  t.regex(done.html, /The machine is yours/)
})

test('a network that is tried on the console is kept by the code too, and claims nothing', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.trial = { untilMs: Date.now() + 90_000, addresses: ['10.0.0.9'] }
  t.regex((await browser.get()).html, /Keep this network\?/)
  const kept = await browser.post({ code }, { url: '/confirm?lang=de' })
  t.is(kept.status, 303)
  t.is(kept.headers.location, '/?lang=de')
  t.regex((await browser.get()).html, /Set up your appliance/)
})

test('the review tells where the machine will be, before its answer can be lost', async t => {
  const { browser } = await createSetupStage(t)
  const moving = await reviewAs(browser, { ...filled, addressing: 'fixed', address: '10.0.0.9/24' })
  t.regex(moving.html, /href="https:\/\/10\.0\.0\.9\/"/)
  t.regex((await reviewAs(browser, { ...filled, mtu: '9000' })).html, /that the console shows/)
  t.notRegex((await reviewAs(browser)).html, /The network changes/)
})

test('nobody confirms: the page says that the former network is back, and has what was entered', async t => {
  const { browser, agent } = await createSetupStage(t)
  let nowMs = 1_000_000
  agent.nowMs = () => nowMs
  agent.claim = async () => ({ outcome: 'trial', untilMs: nowMs + 90_000, addresses: ['10.0.0.9'] })
  const trial = await claimAs(browser)
  nowMs += 90_000
  const late = await browser.post({ code }, { url: '/confirm' })
  t.is(late.status, 409)
  t.regex(late.html, /The former network is back/)
  agent.trial = undefined
  t.regex((await browser.get()).html, /Nobody confirmed the new network in time/)
  const form = await browser.post({ step: 'resume', draft: hiddenOf(trial.html, 'draft') })
  t.is(form.status, 200)
  t.true(form.html.includes('solo.example.com'))
})
