// The floor of the HTTP figures: a bare node:http server that reads a body and answers a run's worth of JSON.
import { createServer } from 'node:http'

const answer = JSON.stringify({
  blocking: true,
  status: 'READY',
  output: { myField: 'Hello, Jon from Winterfell' },
  filler: 'x'.repeat(300),
})
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
process.once('disconnect', () => process.exit(0))
