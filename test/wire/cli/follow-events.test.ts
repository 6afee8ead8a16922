/** `get events --follow`: what there is, then what comes, each once and in its order, over several connections. */
import type { ServerResponse } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import { listenForCli } from '../../helpers/listen-for-cli.ts'
import { until } from '../../helpers/wait.ts'
import { createStage } from './stage.ts'

const stored = (id: string) =>
  `{"id":"${id}","emittedTime":1795489097071355748,"event":{"eventType":"a.b","data":1.0},"counts":{"waiting":0}}`
const told = (id: string) => `data: ${stored(id)}\n\n`

/** Answers each list with the next one, newest first; streams stay open until the test ends them. */
async function createServerOfEvents(t: ExecutionContext, lists: string[][]) {
  const open: ServerResponse[] = []
  const urls: string[] = []
  const env = await listenForCli(t, ({ url = '' }, response) => {
    urls.push(url)
    if (url.includes('follow=true')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('retry: 1000\n\n')
      open.push(response)
    } else {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.end(`[${(lists.shift() ?? []).map(stored).join()}]`)
    }
  })
  return { open, urls, env }
}

async function follow(t: ExecutionContext, lists: string[][], ...words: string[]) {
  const { open, urls, env } = await createServerOfEvents(t, lists)
  const stage = await createStage(t)
  const interruption = new AbortController()
  const shown = { printed: '' }
  const stdout = { write: (text: string) => (shown.printed += text) }
  const changes = { env, stdout, interrupted: interruption.signal }
  const outcome = stage.dispatch(['get', 'events', '--follow', ...words], changes)
  const seen = (id: string) => until(`${id} is printed`, async () => shown.printed.includes(id))
  const interrupt = () => {
    interruption.abort()
    for (const response of open) response.end()
    return outcome
  }
  return { open, urls, shown, seen, interrupt }
}

const idsOf = (printed: string) => [...printed.matchAll(/e\d/g)].map(([id]) => id)

test('events that there are come first, the newest last, and what came while nobody listened is not missed', async t => {
  const lists = [
    ['e2', 'e1'],
    ['e5', 'e4', 'e3', 'e2'],
  ]
  const { open, urls, shown, seen, interrupt } = await follow(t, lists, '--type', 'a.b', '--limit', '2')
  await seen('e2')
  open[0]?.write(told('e2') + told('e3'))
  await seen('e3')
  open[0]?.destroy()
  await seen('e5')
  open[1]?.write(told('e4') + told('e6'))
  await seen('e6')
  t.like(await interrupt(), { code: 0, stderr: '' })
  t.deepEqual(idsOf(shown.printed), ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'])
  t.is(shown.printed.split('EVENT TYPE').length, 2)
  const [stream, list] = ['follow=true&type=a.b', 'type=a.b&limit=']
  t.deepEqual(
    urls.map(url => url.split('?')[1]),
    [stream, `${list}2`, stream, `${list}1000`],
  )
})

test('events that come after an empty list stand below their titles', async t => {
  const { open, shown, seen, interrupt } = await follow(t, [[]])
  await until('it listens', async () => open.length > 0 && shown.printed.includes('EMITTED'))
  open[0]?.write(told('e1'))
  await seen('e1')
  await interrupt()
  const lines = shown.printed.split('\n').filter(line => line.includes('|'))
  const lastBars = lines.map(line => line.lastIndexOf('|'))
  t.deepEqual([lines.length, new Set(lastBars).size], [2, 1])
})

test('-o json is one exact object a line', async t => {
  const { open, shown, seen, interrupt } = await follow(t, [['e1']], '-o', 'json')
  await seen('e1')
  open[0]?.write(told('e2'))
  await seen('e2')
  await interrupt()
  t.is(shown.printed, `${stored('e1')}\n${stored('e2')}\n`)
})

test('what cannot be followed is refused', async t => {
  const stage = await createStage(t)
  t.regex((await stage.dispatch(['get', 'events', '-f', '-o', 'yaml'])).stderr, /^events that are followed are shown/)
  t.regex((await stage.dispatch(['get', 'event', 'x', '-f'])).stderr, /^--follow is for the events that come/)
  t.is(stage.asked.length, 0)
})
