/** What a request asks for: host, path and query, in each form in which a request may name them. */
import test from 'ava'
import { parseTarget } from '../../../../server/gateway/target.ts'

for (const [url, host, expected] of [
  ['/a/b?x=1&y=%20', 'H.example:8081', { host: 'h.example', path: '/a/b', query: 'x=1&y=%20', uri: '/a/b?x=1&y=%20' }],
  ['/a%20b%2Fc', 'h', { path: '/a b/c', rawPath: '/a%20b%2Fc', query: '' }],
  ['/a?', '', { host: '', path: '/a', query: '' }],
  ['/a?b?c#d', 'h', { path: '/a', query: 'b?c#d' }],
  ['http://u:p@x.y:80/p?q', 'h', { host: 'x.y', path: '/p', query: 'q', uri: '/p?q' }],
  ['http://x.y', 'h', { host: 'x.y', path: '/', uri: '/' }],
  ['http://x.y?q', 'h', { host: 'x.y', path: '/', query: 'q', uri: '/?q' }],
  ['//x.y/p', 'h', { host: 'h', path: '//x.y/p' }],
  ['*', '[::1]:80', { host: '[::1]', path: '*' }],
] as const) {
  test(`${url} of ${host || 'no host'}`, t => {
    t.like(parseTarget(url, host), expected)
  })
}

for (const url of ['/%', '/%zz', '/%ff', '/a%c3%28', 'http://h/%']) {
  test(`${url} is refused`, t => {
    const error = t.throws(() => parseTarget(url, 'h'))
    t.like(error, { entry: 'BAD_URL', httpStatus: 400 })
  })
}
