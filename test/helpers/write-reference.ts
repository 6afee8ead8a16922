/** Writes docs/reference/api.md from the operations of a server that serves nobody. */
import { writeFileSync } from 'node:fs'
import { describe } from '../../server/http/document/describe.ts'
import { renderMarkdown } from '../../server/http/document/markdown.ts'
import { createTestApp } from './test-app.ts'

const teardowns: (() => unknown)[] = []
const { app } = await createTestApp({ teardown: work => void teardowns.push(work) })
const page = new URL('../../docs/reference/api.md', import.meta.url)
writeFileSync(page, renderMarkdown(app.operations.map(describe)))
for (const teardown of teardowns) await teardown()
