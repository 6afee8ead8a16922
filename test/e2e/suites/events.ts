/** The cases of the original's suite of events: as objects, and delivered. */
import { type Case, type CommandStep, reaches, type Step } from '../stories/step.ts'
import { cleanup, createReady, loadImages, onNode } from './building-blocks.ts'

const debug = onNode('events-debug', './debug.js')
const subscribe = (name: string, type: string): readonly Step[] => [
  {
    run: `create subscription --name ${name} --event-type ${type} events-debug`,
    prints: `created subscription: ${name}\n`,
  },
  reaches('subscription', name),
]
const emit = (type: string): CommandStep => ({
  run: `emit ${type} --data='{"name": "Jon"}' --content-type=application/json`,
  prints: 'event emitted\n',
})
const ranFor = (...types: string[]): CommandStep => ({
  run: 'get runs events-debug -o json',
  has: types.map(eventType => ({ status: 'READY', output: { context: { event: { eventType } } } })),
  until: true,
})

export const events: readonly Case[] = [
  loadImages,
  {
    title: 'create subscription and emit an event',
    steps: [
      ...createReady(debug),
      ...subscribe('sub-events', 'my.event'),
      emit('my.event'),
      ranFor('my.event'),
      { run: 'update -f subscription_update.yaml', prints: 'Updated Subscription: sub-events\n' },
      reaches('subscription', 'sub-events'),
      emit('other.event'),
      ranFor('other.event', 'my.event'),
      { run: 'delete subscription sub-events', prints: 'Deleted subscription: sub-events\n' },
      { run: 'delete function events-debug', prints: 'Deleted function: events-debug\n' },
    ],
  },
  {
    title: 'create event driver and matching subscription',
    steps: [
      ...createReady(debug),
      { run: 'create eventdrivertype ticker dispatchframework/ticker:0.0.2' },
      { run: 'get eventdrivertype ticker -o json', has: { name: 'ticker' } },
      { run: 'create eventdriver ticker --name tick-events --set seconds=2' },
      reaches('eventdriver', 'tick-events'),
      ...subscribe('sub-ticker', 'ticker.tick'),
      { run: 'get runs events-debug -o json', prints: /"status": "READY"/, until: true },
      { run: 'update -f driver_update.yaml', prints: 'Updated Driver: tick-events\n' },
      reaches('eventdriver', 'tick-events'),
      { run: 'get eventdriver tick-events -o json', has: { config: [{ key: 'seconds', value: '5' }] } },
      ...['subscription sub-ticker', 'eventdriver tick-events', 'eventdrivertype ticker', 'function events-debug'].map(
        object => ({ run: `delete ${object}` }),
      ),
    ],
  },
  {
    title: 'create event driver without available image',
    steps: [
      { run: 'create eventdrivertype baddrivertype unavailable-image:latest' },
      { run: 'create eventdriver baddrivertype --name bad-driver' },
      reaches('eventdriver', 'bad-driver', 'ERROR'),
      ...['eventdriver bad-driver', 'eventdrivertype baddrivertype'].map(object => ({ run: `delete ${object}` })),
    ],
  },
  {
    title: 'create event driver with invalid name',
    steps: [
      { run: 'create eventdrivertype ticker kars7e/timer:latest' },
      ...['testDriver-1', 'test_driver-1'].map(name => ({
        run: `create eventdriver ticker --name ${name}`,
        fails: /^\[Code: 605\] name should start with lower case letter or number/,
      })),
    ],
  },
  cleanup,
]
