import test from 'ava'
import { speakLast } from '../../../../provisioning/appliance/last-words.ts'

function listen(exitCode: number): string {
  let heard = ''
  const write = (text: string) => {
    heard += text
    return text.length
  }
  speakLast({ write }, exitCode)
  return heard
}

test('who ends by a fault says where its cause is told, on lines of a raw terminal', t => {
  t.regex(listen(1), /journalctl -u dispatch-appliance/)
  t.notRegex(listen(1), /[^\r]\n/)
})

test('who is stopped says nothing', t => {
  t.is(listen(0), '')
})
