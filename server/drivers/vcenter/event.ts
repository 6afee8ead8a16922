/** Makes a CloudEvent of an event of vSphere. Pure. */
import { type Element, textAt } from './xml.ts'

type Data = string | { [name: string]: Data | Data[] }

/** VmPoweredOnEvent is vm.powered.on; events of extensions have an id of their own, such as com.vmware.vc.ha.VmRestarted. */
export function renderType(event: Element): string {
  const own = textAt(event, 'eventTypeId')
  const words = event.type.replace(/Event$/, '').split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
  const type = own === '' ? words.join('.').toLowerCase() : own.replace(/[^\w.-]/g, '-')
  return type.slice(0, 128) || 'event'
}

/** What is there several times is a list. */
function renderData({ children, text }: Element): Data {
  if (children.length === 0) return text.trim()
  const byName = Map.groupBy(children, ({ name }) => name)
  const members = [...byName].map(([name, same]): [string, Data | Data[]] => {
    const [first = '', ...others] = same.map(renderData)
    return [name, others.length === 0 ? first : [first, ...others]]
  })
  // Defines each name as its own, `constructor` and `__proto__` too.
  return Object.fromEntries(members)
}

export const keyOf = (event: Element): number => Number(textAt(event, 'key'))

/** In CloudEvents 1.0; `subject` is what it is about, the virtual machine if there is one. */
export function renderEvent(event: Element, source: string): object {
  const subject = ['vm', 'host', 'computeResource', 'datacenter'].map(name => textAt(event, name, 'name')).find(Boolean)
  const time = textAt(event, 'createdTime')
  return {
    specversion: '1.0',
    id: String(keyOf(event)),
    source,
    type: renderType(event),
    ...(subject && { subject }),
    ...(!Number.isNaN(Date.parse(time)) && { time }),
    datacontenttype: 'application/json',
    data: renderData(event),
  }
}
