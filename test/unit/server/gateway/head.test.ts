/** Status and headers that a function chooses. */
import test from 'ava'
import { findHead } from '../../../../server/gateway/head.ts'

test('an object with nothing but statusCode and headers is a head', t => {
  t.deepEqual(findHead('{"statusCode":201,"headers":{"X-A":"b","Set-Cookie":["c=1","d=2"],"x-n":7}}'), {
    status: 201,
    headers: { 'x-a': 'b', 'set-cookie': ['c=1', 'd=2'], 'x-n': '7' },
  })
  t.deepEqual(findHead('{"headers":{}}'), { status: 200, headers: {} })
})

for (const json of ['{}', '[]', '1', 'null', '{"statusCode":200,"body":"x"}', '{"status":200}']) {
  test(`${json} is none`, t => t.is(findHead(json), undefined))
}

test('how the answer is framed is not for a function to say', t => {
  const framing = { 'Content-Length': '3', 'transfer-encoding': 'chunked', Connection: 'close', 'x-a': 'b' }
  t.deepEqual(findHead(JSON.stringify({ headers: framing }))?.headers, { 'x-a': 'b' })
})

const refused: Record<string, RegExp> = {
  '{"statusCode":"200"}': /its statusCode is "200", not one from 200 to 599/,
  '{"statusCode":101}': /its statusCode is 101/,
  '{"statusCode":1e99}': /its statusCode is 1e\+99/,
  '{"headers":[]}': /its headers are no object/,
  '{"headers":{"a b":"c"}}': /Header name must be a valid HTTP token/,
  '{"headers":{"a":"b\\r\\nc: d"}}': /Invalid character in header content/,
  '{"headers":{"a":{"b":1}}}': /its header "a" is neither a text nor a list of texts/,
}

for (const [json, message] of Object.entries(refused)) {
  test(`${json} is refused`, t => {
    const error = t.throws(() => findHead(json))
    t.like(error, { entry: 'BAD_ANSWER', httpStatus: 502 })
    t.regex(error?.message ?? '', message)
  })
}
