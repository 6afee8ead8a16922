/** How much there is in a JSON value, without a look at all of it. */

/** Whether the value holds more values than `limit`, itself included. */
export function holdsMoreThan(limit: number, value: unknown): boolean {
  let count = 0
  const visit = (each: unknown): boolean => {
    count += 1
    if (count > limit) return true
    if (Array.isArray(each)) return each.some(visit)
    if (typeof each !== 'object' || each === null) return false
    for (const key in each) if (visit(Reflect.get(each, key))) return true
    return false
  }
  return visit(value)
}
