/** The set-up page from the first look to the claim, and every way in which it does not come to it. */
import test from 'ava'
import { guestKey, properties } from '../../../../ova/properties.ts'
import { claimed, code } from '../../../helpers/fake-agent.ts'
import { claimAs, createSetupStage, filled, hiddenOf, password, reviewAs } from '../../../helpers/setup-browser.ts'

const secrets = [code, '77777 77777', password]
const gateway = { key: 'network.gateway', problem: 'is not in the network', instead: 'DHCP is used' }

test('the form shows what is running, and no secret', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.values = { ...agent.values, 'network.DNS': '"><script>', 'dispatch.admin_pwd': password }
  const { status, html, headers } = await browser.get()
  t.is(status, 200)
  t.true(html.includes('value="dispatch.example.com"'))
  t.true(html.includes('value="&quot;&gt;&lt;script&gt;"'))
  for (const secret of secrets) t.false(html.includes(secret))
  t.is(headers['cache-control'], 'no-store')
  t.is(headers['x-content-type-options'], 'nosniff')
  t.is(headers['referrer-policy'], 'no-referrer')
  t.is(headers['strict-transport-security'], undefined)
  t.regex(String(headers['content-security-policy']), /^default-src 'none'; .*frame-ancestors 'none'/)
  t.notRegex(String(headers['content-security-policy']), /unsafe|https?:|\*/)
})

test('it comes to a claim: what was entered reaches the agent to the letter, and the last page has all that is needed', async t => {
  const { browser, agent } = await createSetupStage(t)
  const review = await reviewAs(browser, {
    ...filled,
    sshKeys: 'ssh-ed25519 AAAA arya@braavos',
    addressing: 'fixed',
    address: '10.0.0.5/24',
  })
  t.is(review.status, 200)
  for (const secret of secrets) t.false(review.html.includes(secret))
  for (const shown of ['solo.example.com', 'ssh-ed25519 arya@braavos', '10.0.0.5/24'])
    t.true(review.html.includes(shown))
  const done = await browser.post({ step: 'claim', draft: hiddenOf(review.html, 'draft') })
  t.is(done.status, 200)
  t.is(done.headers.connection, 'close')
  const [claim] = agent.claims
  t.is(claim?.from, '127.0.0.1')
  t.is(claim?.code, '77777 77777')
  t.like(claim?.values, {
    'dispatch.admin_pwd': password,
    'network.fqdn': 'solo.example.com',
    'network.ip0': '10.0.0.5/24',
  })
  const known = [...properties.map(guestKey), 'network.mtu']
  for (const key of Object.keys(claim?.values ?? {})) t.true(known.includes(key), key)
  for (const shown of ['ssh admin@10.0.0.5', '&quot;host&quot;: &quot;10.0.0.5&quot;', 'dispatch create function'])
    t.true(done.html.includes(shown), shown)
  for (const secret of secrets) t.false(done.html.includes(secret))
  t.notRegex(done.html, /<(img|script|link)[^>]*(src|href)="(?!data:)/)
})

test('the last page names the steps that failed, each with its reason', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.claim = async () => ({ ...claimed, failures: [{ step: 'chpasswd (<admin>)', problem: 'it exited with 1' }] })
  const done = await claimAs(browser)
  t.is(done.status, 200)
  t.regex(done.html, /Not everything took effect/)
  t.true(done.html.includes('<li>chpasswd (&lt;admin&gt;): it exited with 1</li>'))
})

test('the commands name the first host that the agent tells, where it does not know the one that was asked for', async t => {
  const { browser, page, agent } = await createSetupStage(t)
  const review = await reviewAs(browser)
  const done = await browser.post(
    { step: 'claim', draft: hiddenOf(review.html, 'draft') },
    { headers: { host: 'evil.example' } },
  )
  t.true(done.html.includes('ssh admin@dispatch.example.com'))
  t.false(done.html.includes('evil.example'))
  t.true(agent.isClaimed)
  t.truthy(page)
})

test('faults lead back to the form: all is still there but secrets, the first page of it says so', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.findFaults = () => [gateway, { key: 'vm.vmname', problem: '<b>', instead: '' }]
  const certificate = {
    certificate: 'own',
    chainFile: new Blob(['-----BEGIN CERTIFICATE-----']),
    privateKey: 'KEY TEXT',
  }
  const { status, html } = await reviewAs(browser, {
    ...filled,
    addressing: 'fixed',
    gateway: '10.9.9.9',
    ...certificate,
  })
  t.is(status, 422)
  t.regex(html, /<title>Error: /)
  t.regex(html, /<a href="#gateway">Gateway: <span lang="en">is not in the network<\/span><\/a>/)
  t.regex(html, /id="gateway-error" aria-live="polite"><span lang="en">is not in the network/)
  t.regex(
    html,
    /<input[^>]*value="10\.9\.9\.9"[^>]*id="gateway"[^>]*aria-describedby="gateway-hint gateway-error"[^>]*aria-invalid="true"/,
  )
  t.true(html.includes('-----BEGIN CERTIFICATE-----'))
  t.true(html.includes('&lt;b&gt;'))
  for (const secret of [...secrets, 'KEY TEXT']) t.false(html.includes(secret))
  t.true(html.includes('except what is secret'))
  t.is(agent.claims.length, 0)
})

test('the page itself finds what is missing, and asks the agent for the rest', async t => {
  const { browser } = await createSetupStage(t)
  const { status, html } = await reviewAs(browser, { code: '', password: 'one', repeated: 'two' })
  t.is(status, 422)
  t.regex(html, /href="#code">Set-up code: Enter the code/)
  t.regex(html, /href="#repeated">Password again: The two passwords/)
})

test('a wrong code is asked for again, and nothing else; then the claim succeeds', async t => {
  const { browser, agent } = await createSetupStage(t)
  const wrong = await claimAs(browser, { ...filled, code: 'WRONG' })
  t.is(wrong.status, 403)
  t.regex(wrong.html, /href="#code"/)
  t.false(wrong.html.includes('id="password"'))
  const done = await browser.post({ step: 'claim', draft: hiddenOf(wrong.html, 'draft'), code })
  t.is(done.status, 200)
  t.is(agent.claims.at(-1)?.values['dispatch.admin_pwd'], password)
})

test('after five wrong codes the page tells how long to wait', async t => {
  const { browser } = await createSetupStage(t)
  for (let tries = 0; tries < 4; tries += 1) t.is((await claimAs(browser, { ...filled, code: 'WRONG' })).status, 403)
  t.is((await claimAs(browser, { ...filled, code: 'WRONG' })).status, 429)
  const { status, html, headers } = await claimAs(browser)
  t.is(status, 429)
  t.is(headers['retry-after'], '60')
  t.regex(html, /data-seconds="60">60 seconds</)
})

test('of two claims at once one succeeds, the other is told; then the machine has an owner', async t => {
  const { browser, agent } = await createSetupStage(t)
  const begun = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const { claim } = agent
  agent.claim = async values => {
    begun.resolve()
    await go.promise
    return claim(values)
  }
  const first = claimAs(browser)
  await begun.promise
  const second = await claimAs(browser)
  t.is(second.status, 409)
  t.regex(second.html, /Somebody is claiming this machine/)
  go.resolve()
  t.is((await first).status, 200)
  const late = await browser.post({ step: 'claim', draft: hiddenOf(second.html, 'draft') })
  t.is(late.status, 409)
  t.regex(late.html, /This machine has an owner/)
  t.is((await browser.get()).status, 409)
})

test('the window is over: how to open it again, with all that was entered still there', async t => {
  const { browser, agent } = await createSetupStage(t)
  const review = await reviewAs(browser)
  agent.isOpen = false
  t.is((await browser.get()).status, 410)
  const over = await browser.post({ step: 'claim', draft: hiddenOf(review.html, 'draft') })
  t.is(over.status, 410)
  t.regex(over.html, /Re-open set-up/)
  const resume = { step: 'resume', draft: hiddenOf(over.html, 'draft') }
  t.is((await browser.post(resume)).status, 410)
  agent.isOpen = true
  const form = await browser.post(resume)
  t.is(form.status, 200)
  t.true(form.html.includes('solo.example.com'))
})

test('the agent is not there yet, or falls silent in a claim: the page says so, and loses nothing', async t => {
  const { browser, agent } = await createSetupStage(t, 2000)
  const review = await reviewAs(browser)
  agent.isMute = true
  const look = await browser.get()
  t.is(look.status, 503)
  t.is(look.headers['retry-after'], '5')
  const claim = await browser.post({ step: 'claim', draft: hiddenOf(review.html, 'draft') })
  t.is(claim.status, 504)
  t.regex(claim.html, /The machine has not answered/)
  t.notRegex(claim.html, /has not been claimed/)
  agent.isMute = false
  t.is((await browser.post({ step: 'claim', draft: hiddenOf(claim.html, 'draft') })).status, 200)
  agent.state = 'booting'
  agent.isClaimed = false
  t.is((await browser.get()).status, 503)
})

test('the agent fails: its words are shown, and the claim can be tried again', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.claim = async () => {
    throw new Error('the disk is <full>')
  }
  const { status, html } = await claimAs(browser)
  t.is(status, 500)
  t.true(html.includes('<p lang="en">Error: the disk is &lt;full&gt;</p>'))
  t.true(hiddenOf(html, 'draft') !== '')
})

test('fields are checked as they are left, without the code', async t => {
  const { browser, agent } = await createSetupStage(t)
  agent.findFaults = values => (values['network.gateway'] ? [gateway] : [])
  await browser.get()
  const form = { password: 'one', repeated: 'two', addressing: 'fixed', gateway: '10.9.9.9' }
  const { status, html, headers } = await browser.post(form, { url: '/check?lang=de' })
  t.is(status, 200)
  t.regex(String(headers['content-type']), /^application\/json/)
  t.deepEqual(JSON.parse(html), {
    problems: [
      { field: 'repeated', text: 'Die beiden Kennwörter sind nicht gleich.' },
      { field: 'gateway', text: 'is not in the network', language: 'en' },
    ],
  })
})

test('German is shown to whom it is asked for, and stays through the forms', async t => {
  const { browser } = await createSetupStage(t)
  const german = await browser.get('/', { 'accept-language': 'de' })
  t.regex(german.html, /<html lang="de">/)
  t.regex(german.html, /action="\/\?lang=de"/)
  t.regex(german.html, /<a href="\?lang=en" lang="en" hreflang="en">English<\/a>/)
  t.regex((await browser.get('/?lang=de')).html, /Ihre Appliance einrichten/)
  const done = await claimAs(browser, filled, '/?lang=de')
  t.regex(done.html, /Die Maschine gehört Ihnen/)
})

test('the first paint is one answer of less than 100 kB', async t => {
  const { browser } = await createSetupStage(t)
  const { html } = await browser.get()
  t.true(Buffer.byteLength(html) < 100_000, `${Buffer.byteLength(html)}`)
  t.notRegex(html, /<(img|script|link|iframe)[^>]*(src|href)="(?!data:)/)
  t.notRegex(html, /url\(|@import/)
})
