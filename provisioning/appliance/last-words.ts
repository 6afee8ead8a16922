/** What stands on the screen when the agent has ended by a fault: systemd starts it again, but should it fail each time, nobody would see why nothing answers. */
import type { Output } from '../console/terminal.ts'

const words = [
  '',
  'The agent of the appliance has failed: it is started again.',
  'Until then the network is as it was; at the beginning nothing is let in.',
  'The cause: journalctl -u dispatch-appliance, logged in on the second terminal (Alt-F2).',
  '',
]

/** `exitCode` of the process that ends now. */
export function speakLast({ write }: Output, exitCode: number): void {
  if (exitCode !== 0) write(words.join('\r\n'))
}
