/** What becomes of the members of an event of vSphere. */
import test from 'ava'
import { renderEvent } from '../../../../../server/drivers/vcenter/event.ts'
import { parseXml } from '../../../../../server/drivers/vcenter/xml.ts'

const dataOf = (xml: string): string => {
  const [event] = parseXml(`<Event><key>7</key>${xml}</Event>`).children
  if (!event) throw new Error('no event')
  return JSON.stringify(Reflect.get(renderEvent(event, 'vc'), 'data'))
}

test('members keep their order, and what is there several times is a list', t => {
  t.is(
    dataOf('<vm><name> a </name></vm><tag>1</tag><x/><tag>2</tag><tag/>'),
    '{"key":"7","vm":{"name":"a"},"tag":["1","2",""],"x":""}',
  )
})

test('names that every object of JavaScript has are members like any other', t => {
  t.is(
    dataOf('<constructor>1</constructor><__proto__>2</__proto__><__proto__>3</__proto__>'),
    '{"key":"7","constructor":"1","__proto__":["2","3"]}',
  )
})
