def handle(context, payload):
    payload = payload or {}
    name, place = payload.get('name', 'Noone'), payload.get('place', 'Nowhere')
    return {'myField': f'Hello, {name} from {place}'}
