/** Server-sent events as browsers read them. */
import test from 'ava'
import fc from 'fast-check'
import { renderJsonEvent, renderTextEvent } from '../../../../server/gateway/events.ts'

/** The data of one event, by the rules of the HTML standard. */
function readData(text: string): string {
  const lines = text.split(/\r\n|\r|\n/)
  return lines.flatMap(line => (line.startsWith('data: ') ? [line.slice(6)] : [])).join('\n')
}

test('a text is the data of one event, whatever line ends it has', t => {
  const anyText = fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '\r', 'data: ', 'ü') })
  fc.assert(
    fc.property(anyText, text => {
      const event = renderTextEvent(text)
      t.is(readData(event), text.replace(/\r\n|\r/g, '\n'))
      t.is(event.indexOf('\n\n'), event.length - 2)
    }),
    { numRuns: 500 },
  )
})

const rendered: Record<string, string> = {
  '{"data":"a\\nb","event":"tick","id":7,"retry":1000}': 'event: tick\nid: 7\nretry: 1000\ndata: a\ndata: b\n\n',
  '{"data":{"n":1.50}}': 'data: {"n":1.50}\n\n',
  '{"data":null}': 'data: null\n\n',
  '{"data":"x","id":"a\\nevent: forged"}': 'id: a event: forged\ndata: x\n\n',
  '{"data":1,"other":2}': 'data: {"data":1,"other":2}\n\n',
  '{"event":"x"}': 'data: {"event":"x"}\n\n',
  '12345678901234567890': 'data: 12345678901234567890\n\n',
  '["data"]': 'data: ["data"]\n\n',
}

for (const [json, event] of Object.entries(rendered)) {
  test(`${json} as an event`, t => t.is(renderJsonEvent(json), event))
}
