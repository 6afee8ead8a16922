/** The operation that serves the page of the API. */
import type { Description } from '../http/document/describe.ts'
import type { Operation } from '../http/operation.ts'
import { contentSecurityPolicy, renderApiPage } from './api-page.ts'

/** `list` gives all operations, this one too. The page is made when it is first asked for. */
export function createApiPageOperation(list: () => Description[], version: string): Operation {
  let page: { text: string; headers: Record<string, string> } | undefined
  return {
    id: 'getApiPage',
    group: 'server',
    method: 'GET',
    path: '/docs',
    summary: 'Get this API as a page to read',
    answers: { 200: { description: 'The page', contentType: 'text/html; charset=utf-8' } },
    access: 'public',
    handle: async () => {
      page ??= {
        text: renderApiPage(list(), version),
        headers: {
          'content-security-policy': contentSecurityPolicy(),
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        },
      }
      return { status: 200, content: { type: 'text/html; charset=utf-8', pieces: [page.text] }, headers: page.headers }
    },
  }
}
