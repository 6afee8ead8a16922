/** The screen and its keyboard, as somebody in front of it has them: what is pressed, and what stands there then. */
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import type { Monitor } from '../monitor.ts'
import { waitFor } from '../outside.ts'
import type { Appliance } from './appliance.ts'

/** Keys by QEMU's names, or a text that is typed. */
type Stroke = { readonly press: readonly string[] } | { readonly type: string }

interface Scene {
  /** Of its picture. */
  readonly name: string
  readonly strokes: readonly Stroke[]
  /** Each is on the screen then. */
  readonly shows: readonly string[]
}

/**
 * A wrong address first; then the one that it has by DHCP anyway, so that the ports stay led to it; and one that nobody
 * confirms, so that it goes back by itself.
 */
const unclaimed = (code: string): readonly Scene[] => [
  { name: 'unclaimed', strokes: [], shows: ['UNCLAIMED', code, 'https://10.0.2.15/', 'F2 Network'] },
  { name: 'network', strokes: [{ press: ['f2'] }], shows: ['(*) DHCP', '( ) Static', 'Esc Back'] },
  {
    name: 'network-refused',
    strokes: [{ press: ['spc', 'tab'] }, { type: '10.0.2.300/24' }, { press: ['ret'] }],
    shows: ['(*) Static', '[10.0.2.300/24', "'10.0.2.300' is not an IPv4 or IPv6 address"],
  },
  {
    name: 'network-trial',
    strokes: [
      { press: ['ctrl-u'] },
      { type: '10.0.2.15/24' },
      { press: ['tab'] },
      { type: '10.0.2.2' },
      { press: ['ret'] },
    ],
    shows: ['Keep the new network?', '10.0.2.15', 'Enter Keep'],
  },
  {
    name: 'network-kept',
    strokes: [{ press: ['ret'] }],
    shows: ['The new network is kept.', 'matches the properties'],
  },
  {
    name: 'network-elsewhere',
    strokes: [{ press: ['f2', 'tab', 'ctrl-u'] }, { type: '10.0.2.99/24' }, { press: ['ret'] }],
    shows: ['Keep the new network?', '10.0.2.99', 'Enter Keep'],
  },
  { name: 'network-back', strokes: [], shows: ['not confirmed in time', 'https://10.0.2.15/'] },
  { name: 'reboot', strokes: [{ type: 'r' }], shows: ['Reboot this appliance?', 'Esc Back'] },
  { name: 'back', strokes: [{ press: ['esc'] }], shows: ['UNCLAIMED', 'F8 Reboot'] },
]

const claimed = (password: string): readonly Scene[] => [
  { name: 'ready', strokes: [], shows: ['READY', 'https://10.0.2.15:8443/', 'F9 Log in'] },
  { name: 'password', strokes: [{ press: ['f2'] }], shows: ['The password of admin is needed for this.'] },
  { name: 'wrong', strokes: [{ type: 'winter' }, { press: ['ret'] }], shows: ['This is not the password.'] },
  {
    name: 'right',
    strokes: [{ press: ['ctrl-u'] }, { type: password }, { press: ['ret'] }],
    shows: ['( ) DHCP', 'Esc Back'],
  },
  { name: 'login', strokes: [{ press: ['esc', 'f9'] }], shows: [' login:'] },
  { name: 'ready-again', strokes: [{ press: ['alt-f1'] }], shows: ['READY'] },
]

async function stroke(monitor: Monitor, each: Stroke): Promise<void> {
  return 'type' in each ? monitor.type(each.type) : monitor.press(...each.press)
}

async function play({ shots }: Bench, { name, running }: Appliance, scenes: readonly Scene[]): Promise<void> {
  const monitor = await running.monitor()
  try {
    for (const { name: scene, strokes, shows } of scenes) {
      for (const each of strokes) await stroke(monitor, each)
      for (const text of shows)
        await waitFor(`${name}, ${scene}: "${text}" on the screen`, async () =>
          (await running.screen()).join('\n').includes(text),
        )
      await monitor.capture(join(shots, `screen-${scene}.png`))
    }
  } finally {
    monitor.close()
  }
}

export async function proveScreenUnclaimed(bench: Bench, machine: Appliance, code: string): Promise<void> {
  await play(bench, machine, unclaimed(code))
  bench.print(
    'ok  on its screen: status and code; a wrong address refused, another one tried and kept, a third one taken back',
  )
}

export async function proveScreenClaimed(bench: Bench, machine: Appliance, password: string): Promise<void> {
  await play(bench, machine, claimed(password))
  bench.print('ok  on its screen: ready; the network is for who knows the password; F9 leads to a login')
}
