/** The page of the API says what the operations say now. */
import test from 'ava'
import { describe } from '../../../server/http/document/describe.ts'
import { renderMarkdown } from '../../../server/http/document/markdown.ts'
import { createTestApp } from '../../helpers/test-app.ts'
import { loadPage } from './pages.ts'

test('docs/reference/api.md is what npm run docs writes', async t => {
  const { app } = await createTestApp(t)
  const isSame = loadPage('docs/reference/api.md').text === renderMarkdown(app.operations.map(describe))
  t.true(isSame, 'docs/reference/api.md is older than the operations: run npm run docs')
})
