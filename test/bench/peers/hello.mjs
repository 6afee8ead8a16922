// The hello handler on workerd, which loads modules only from where its configuration says.
import hello from 'hello'

export default {
  async fetch(request) {
    const { input } = await request.json()
    return Response.json(hello(null, input))
  },
}
