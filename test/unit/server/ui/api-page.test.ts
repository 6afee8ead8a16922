/** The page of the API: whole, safe to open, and nothing in it comes from elsewhere. */
import { createHash } from 'node:crypto'
import test from 'ava'
import { html } from '../../../../server/ui/html.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

test('the page is served without credentials and may load nothing', async t => {
  const { app } = await createTestApp(t)
  const { statusCode, headers, body } = await app.api.inject({ method: 'GET', url: '/docs' })
  t.is(statusCode, 200)
  t.is(headers['content-type'], 'text/html; charset=utf-8')
  const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  t.is(headers['content-security-policy'], policy)
  t.is(headers['x-content-type-options'], 'nosniff')
  t.notRegex(body, /<script|<link|<img| src=| style=| on\w+=|url\(|@import/)
  t.deepEqual([...new Set(body.match(/https?:\/\/[^/'\s]+/g))], ['http://127.0.0.1:8080'])
})

test('every operation has its place, its example and its errors, and every link of the page leads somewhere', async t => {
  const { app } = await createTestApp(t)
  const { body } = await app.api.inject({ method: 'GET', url: '/docs' })
  const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(match => match[1])
  t.is(new Set(ids).size, ids.length)
  for (const [, target] of body.matchAll(/ href="#([^"]+)"/g)) t.true(ids.includes(target), `#${target} is not there`)
  for (const { id } of app.operations) {
    const article = body.split(`<article id="${id}">`)[1]?.split('</article>')[0] ?? ''
    t.regex(article, /<pre tabindex="0"><code>curl /, id)
    t.regex(article, /<summary>Errors /, id)
  }
})

test('what is put into HTML is text', t => {
  t.is(
    html`<p title="${'"><b>'}">${"<&'"}${[html`<i>${1}</i>`]}</p>`.html,
    '<p title="&quot;&gt;&lt;b&gt;">&lt;&amp;&#39;<i>1</i></p>',
  )
})
