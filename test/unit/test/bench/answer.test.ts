import test from 'ava'
import fc from 'fast-check'
import { scanAnswer } from '../../../bench/answer.ts'

const answer = (status: number, body: string, header = 'Content-Length'): Buffer =>
  Buffer.from(`HTTP/1.1 ${status} Some Reason\r\nX-Length: 3\r\n${header}: ${Buffer.byteLength(body)}\r\n\r\n${body}`)

test('an answer is found wherever it is cut, and not before its last byte is there', t => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), fc.string(), fc.boolean(), (status, body, isLower) => {
      const bytes = answer(status, body, isLower ? 'content-length' : 'Content-Length')
      for (let cut = 0; cut < bytes.length; cut += 1) t.is(scanAnswer(bytes.subarray(0, cut)), undefined)
      t.like(scanAnswer(bytes), { status, bytes: bytes.length })
      t.is(bytes.toString('utf8', scanAnswer(bytes)?.bodyStart), body)
    }),
    { numRuns: 50 },
  )
})

test('what follows the answer is not part of it', t => {
  const first = answer(200, 'one')
  t.is(scanAnswer(Buffer.concat([first, answer(200, 'two')]))?.bytes, first.length)
})

test('an answer without a length is refused', t => {
  const chunked = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
  t.throws(() => scanAnswer(chunked), { message: /does not say how long it is/ })
})
