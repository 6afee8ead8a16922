/** Events: how many are taken in and delivered, and how long one takes until its function begins. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Measurement } from '../figure.ts'
import { createFunction, type Language, languages } from '../functions.ts'
import { applyLoad, forMs, prepareRequest } from '../load.ts'
import { greet, input, type Rest, restHeaders } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { startBenchServer } from '../server.ts'

const connections = 32
const manyMs = 3000
/** In each round, one emitted after the other. */
const samples = 500
/** Longer than a delivery takes, so that none waits for another. */
const betweenMs = 3
/** Seldom: what it asks for costs the server time. */
const pollMs = 50
const deadlineMs = 120_000

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

/** Gives the milliseconds from the sending of its event, which is the event's data, to its own first line. */
const clockSource: Record<Language, string> = {
  python3: 'import time\n\ndef handle(context, sent):\n    return time.time() * 1000 - sent\n',
  nodejs: 'module.exports = (context, sent) => performance.timeOrigin + performance.now() - sent\n',
}

const eventOf = (eventType: string, data: unknown) => ({
  ...{ cloudEventsVersion: '0.1', eventType, source: 'bench', eventID: '1' },
  data,
})

async function subscribe({ send }: Rest, name: string): Promise<string> {
  const eventType = `bench.${name}`
  await send('POST', '/v1/event/subscriptions', { name, eventType, function: name })
  return eventType
}

async function countTries({ send }: Rest, outcome: string): Promise<number> {
  const text = await send('GET', '/metrics')
  return Number(new RegExp(`^dispatch_delivery_tries_total{outcome="${outcome}"} (\\d+)$`, 'm').exec(text)?.[1])
}

/** Repeats until there is a value. */
async function awaitValue<T>(read: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + deadlineMs
  for (;;) {
    const value = await read()
    if (value !== undefined) return value
    if (performance.now() > endMs) throw new Error(`events were not delivered within ${deadlineMs} ms`)
    await pause(pollMs)
  }
}

const reachDelivered = (rest: Rest, count: number): Promise<true> =>
  awaitValue(async () => {
    if ((await countTries(rest, 'failed')) > 0) throw new Error('a run for an event failed')
    return (await countTries(rest, 'delivered')) >= count ? true : undefined
  })

/** From the first event that is sent to the last that is delivered. */
const underLoad = (language: Language): Measurement => {
  const name = `event.rps.${language}`
  const figure = {
    name,
    unit: '1/s' as const,
    about: `events taken in by 32 connections and delivered to one subscription of the ${language} example`,
    bars: [{ atLeast: 0.5, times: `runs.c32.rps.${language}` }],
  }
  return {
    figures: [figure],
    prepare: async scope => {
      const { rest, live } = await openServer(scope)
      const functionName = `taken-${language}`
      await createFunction(rest, { name: functionName, language })
      await greet(rest, functionName)
      const event = eventOf(await subscribe(rest, functionName), input)
      const request = prepareRequest('/v1/event', restHeaders, JSON.stringify(event))
      return async () => {
        const before = await countTries(rest, 'delivered')
        const startMs = performance.now()
        const target = { port: live.port, request, contains: '"eventID":"1"' }
        const { latenciesMs } = await applyLoad(target, { connections, goesOn: forMs(manyMs) })
        await reachDelivered(rest, before + latenciesMs.length)
        return { [name]: (latenciesMs.length * 1000) / (performance.now() - startMs) }
      }
    },
  }
}

/** Emits one after the other, and reads what their runs gave back once all are delivered. */
async function timeStarts({ send }: Rest, eventType: string, functionName: string): Promise<number[]> {
  for (let sample = 0; sample < samples; sample += 1) {
    await send('POST', '/v1/event', eventOf(eventType, performance.timeOrigin + performance.now()))
    await pause(betweenMs)
  }
  const path = `/v1/event/emissions?type=${eventType}&limit=1`
  await awaitValue(async () => ((await send('GET', path)).includes('"delivered":1') ? true : undefined))
  const runs: { output: number }[] = JSON.parse(
    await send('GET', `/v1/runs?functionName=${functionName}&limit=${samples}`),
  )
  return runs.map(({ output }) => output)
}

const oneByOne = (language: Language): Measurement => {
  const name = `event.e2e.${language}`
  return {
    figures: [
      {
        name,
        unit: 'ms',
        about: `an event, from its sending to the first line of the ${language} function, one after the other`,
        statistic: 'p50',
        bars: [{ atMost: 2, times: `runs.c1.p50.${language}` }],
      },
    ],
    prepare: async scope => {
      const { rest } = await openServer(scope)
      const functionName = `clock-${language}`
      await createFunction(rest, { name: functionName, language, source: clockSource[language] })
      const eventType = await subscribe(rest, functionName)
      return async () => ({ [name]: await timeStarts(rest, eventType, functionName) })
    },
  }
}

export const eventsUnderLoad: Measurement[] = languages.map(underLoad)
export const eventsOneByOne: Measurement[] = languages.map(oneByOne)
