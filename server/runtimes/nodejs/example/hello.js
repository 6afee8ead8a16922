module.exports = (_context, payload) => {
  const { name = 'Noone', place = 'Nowhere' } = payload ?? {}
  return { myField: `Hello, ${name} from ${place}` }
}
