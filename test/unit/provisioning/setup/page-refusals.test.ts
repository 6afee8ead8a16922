/** What is no form of this page, or more than one, is refused by it. */
import test from 'ava'
import { code } from '../../../helpers/fake-agent.ts'
import { createSetupStage, hiddenOf, reviewAs } from '../../../helpers/setup-browser.ts'

test('a form of another page, of another browser or of nobody is refused', async t => {
  const { browser, page, agent } = await createSetupStage(t)
  const review = await reviewAs(browser)
  const draft = hiddenOf(review.html, 'draft')
  const claim = { step: 'claim', draft }
  t.is((await browser.post(claim, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403)
  t.is((await browser.post({ ...claim, token: '' })).status, 403)
  t.is((await browser.post(claim, { headers: { cookie: '' } })).status, 403)
  t.is((await browser.post({ code }, { url: '/confirm', headers: { cookie: '' } })).status, 403)
  t.is((await browser.post({}, { url: '/check', headers: { cookie: '' } })).status, 403)
  const stranger = await createSetupStage(t)
  await stranger.browser.get()
  t.regex((await stranger.browser.post(claim)).html, /Too much time has passed/)
  t.is(agent.claims.length, 0)
  t.is((await page.inject({ method: 'POST', url: '/' })).statusCode, 400)
  t.is(
    (await page.inject({ method: 'POST', url: '/', payload: '{}', headers: { 'content-type': 'application/json' } }))
      .statusCode,
    415,
  )
})

test('what is too large, unknown or unreadable is refused by a page', async t => {
  const { browser, page, errors } = await createSetupStage(t)
  await browser.get()
  const large = await browser.post({ chain: 'x'.repeat(600_000) })
  t.is(large.status, 413)
  t.regex(large.html, /too large/)
  t.is((await browser.get('/nowhere')).status, 404)
  t.is((await browser.get('/%E0%A4%A')).status, 400)
  t.is((await page.inject({ method: 'PUT', url: '/' })).statusCode, 404)
  for (const url of ['/', '/nowhere', '/%E0%A4%A'])
    t.regex(String((await browser.get(url)).headers['content-security-policy']), /default-src 'none'/)
  t.deepEqual(errors, [])
})
