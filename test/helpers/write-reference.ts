/** Writes docs/reference/: the API from the operations of a server that serves nobody, the command line from its commands. */
import { writeFileSync } from 'node:fs'
import { renderReference } from '../../cli/reference/markdown.ts'
import { root } from '../../cli/tree.ts'
import { describe } from '../../server/http/document/describe.ts'
import { renderMarkdown } from '../../server/http/document/markdown.ts'
import { createTestApp } from './test-app.ts'

const teardowns: (() => unknown)[] = []
const { app } = await createTestApp({ teardown: work => void teardowns.push(work) })
const page = (name: string): URL => new URL(`../../docs/reference/${name}`, import.meta.url)
writeFileSync(page('cli.md'), await renderReference(root))
writeFileSync(page('api.md'), renderMarkdown(app.operations.map(describe)))
for (const teardown of teardowns) await teardown()
