/** Whatever happens to the lines of an audit log, the check says where. */
import test from 'ava'
import fc from 'fast-check'
import {
  type Head,
  type Link,
  noLine,
  parseHead,
  renderHead,
  renderLine,
  verifyLog,
} from '../../../../server/audit/chain.ts'

const members = fc.record({ user: fc.string(), name: fc.string(), status: fc.nat(599) })
const logOf = fc.array(members, { minLength: 2, maxLength: 20 })

function write(entries: object[]): { lines: string[]; head: Head } {
  let last: Link = noLine
  const lines = entries.map(entry => {
    const { line, link } = renderLine(entry, last)
    last = link
    return line
  })
  return { lines, head: { last, first: 1 } }
}

async function* asFiles(...files: string[][]) {
  for (const [index, lines] of files.entries())
    yield { name: `file ${index + 1}`, text: lines.map(line => `${line}\n`).join('') }
}

const verify = (lines: string[], head?: Head) => verifyLog(asFiles(lines), { headText: head && renderHead(head) })

test('what was written passes, also over several files, and with the piece of a line that a crash left', t =>
  fc.assert(
    fc.asyncProperty(logOf, fc.nat(20), async (entries, place) => {
      const { lines, head } = write(entries)
      const headText = renderHead(head)
      const verdict = await verifyLog(asFiles(lines.slice(0, place), lines.slice(place)), { headText })
      t.deepEqual(verdict, { lines: lines.length, first: 1, last: head.last })
      async function* torn() {
        yield { name: 'a', text: `${lines.join('\n')}\n{"number":` }
      }
      t.is((await verifyLog(torn(), { headText })).fault, undefined)
    }),
    { numRuns: 100 },
  ))

test('a line that was changed is found, by the line behind it or by the head', t =>
  fc.assert(
    fc.asyncProperty(logOf, fc.nat(), async (entries, chosen) => {
      const { lines, head } = write(entries)
      const index = chosen % lines.length
      const changed = lines.with(index, (lines[index] ?? '').replace('"status":', '"status":1'))
      const { fault } = await verify(changed, head)
      const isLast = index === lines.length - 1
      t.is(fault?.lineInFile, isLast ? index + 1 : index + 2)
      t.regex(fault?.cause ?? '', isLast ? /its hash is not the one that was kept/ : /one of the two was changed/)
    }),
    { numRuns: 100 },
  ))

test('lines that were removed or change places are found', t =>
  fc.assert(
    fc.asyncProperty(logOf, fc.nat(), async (entries, chosen) => {
      const { lines, head } = write(entries)
      const index = chosen % (lines.length - 1)
      const [one = '', other = ''] = lines.slice(index)
      t.truthy((await verify(lines.toSpliced(index, 2, other, one), head)).fault)
      const { fault } = await verify(lines.toSpliced(index, 1), head)
      const cause =
        index === 0 ? 'the log begins with line 2, but 1 was kept' : `lines ${index + 1} to ${index + 1} are missing`
      t.true(fault?.cause.includes(cause), fault?.cause)
    }),
    { numRuns: 100 },
  ))

test('an end that was cut is seen by the head alone; a head that is behind does no harm', async t => {
  const { lines, head } = write([{ a: 1 }, { a: 2 }, { a: 3 }])
  const cut = lines.slice(0, 2)
  t.is((await verify(cut)).fault, undefined)
  t.deepEqual((await verify(cut, head)).fault, {
    file: 'file 1',
    lineInFile: 0,
    cause: 'the log ends with line 2, but 3 was written: its end was cut',
  })
  t.is((await verify(lines, write([{ a: 1 }, { a: 2 }]).head)).fault, undefined)
  t.regex((await verify([], head)).fault?.cause ?? '', /ends with line 0, but 3 was written/)
})

test('a log whose head is missing or spoilt is at fault; one that has not begun needs none', async t => {
  const { lines, head } = write([{ a: 1 }, { a: 2 }])
  const fault = async (kept: string[], headText: string) => (await verifyLog(asFiles(kept), { headText })).fault
  for (const headText of ['', 'x', renderHead(head).slice(1), ' '.repeat(511)]) {
    const found = await fault(lines, headText)
    t.like(found, { file: 'head', lineInFile: 0 })
    t.regex(found?.cause ?? '', /^it was removed or changed/)
  }
  t.like(await fault([], 'x'), { file: 'head' })
  t.is(await fault([], ''), undefined)
  t.is(await fault([], renderHead({ last: noLine, first: 1 })), undefined)
  t.is(await fault(lines, renderHead(head)), undefined)
})

test('a hash that somebody has kept is found again, or is not there any more', async t => {
  const { lines, head } = write([{ a: 1 }, { a: 2 }])
  t.true((await verifyLog(asFiles(lines), { hash: head.last.hash })).holdsHash)
  t.false((await verifyLog(asFiles(write([{ a: 1 }, { a: 3 }]).lines), { hash: head.last.hash })).holdsHash)
})

test('what is no line is named', async t => {
  const { lines } = write([{ a: 1 }, { a: 2 }])
  for (const broken of ['', 'null', '[]', '{"number":"2","previous":""}', '{"number":2}', '{'])
    t.deepEqual((await verify(lines.with(1, broken))).fault, {
      file: 'file 1',
      lineInFile: 2,
      cause: 'it is no line of an audit log',
    })
})

test('the head is read as it was written, and anything else is none', t => {
  const { head } = write([{ a: 1 }])
  t.deepEqual(parseHead(renderHead(head).padEnd(511).concat('\n')), head)
  for (const text of ['', '{}', 'null', renderHead(head).slice(1)]) t.is(parseHead(text), undefined)
})
