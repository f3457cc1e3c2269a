import { describe, expect, it } from 'vitest'
import { isTelemetry } from './telemetry.ts'

describe('text of a device', () => {
  it.each([
    ['a drone', 'HOME(149.0251,-20.2532) 2017.08.05 14:11:51\nGPS(149.0251,-20.2533,16) BAROMETER:1.9'],
    ['a later drone', '[iso : 110] [shutter : 1/200.0] [fnum : 280] [latitude: 0.608553] [longitude: -1.963763]'],
    ['a drone in an MP4', 'F/2.8, SS 206.14, ISO 150, EV 0, GPS (-122.3699, 37.8166, 15), D 224.33m'],
    ['a dashboard camera', 'N 23.550520 W 046.633308 60 km/h'],
    ['a camera that points', `23°33'01.9"S 46°37'59.9"W`],
    ['a receiver', '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A'],
    ['a program', '{"t":1,"lat":-23.55,"lon":-46.63}'],
    ['a phone', '+37.7749-122.4194+017.500/'],
    ['somebody in Brazil', 'lat -23,55052 lon -46,63331'],
    ['one that tells it once', 'SECRET GPS (-23.5505, -46.6333)'],
  ])('that tells a place: %s', (_, text) => {
    expect(isTelemetry([text])).toBe(true)
    expect(isTelemetry(['Bom dia.', 'Tudo bem?', 'Tudo.', text])).toBe(true)
  })

  it.each([
    ['how it is set', '[iso : 110] [shutter : 1/200.0] [fnum : 280] [ev : 0.7] [ct : 5064] [focal_len : 240]'],
    ['when it was', '2007-07-01 12:00:01'],
    ['how high it flies', 'D 224.33m, H 54.50m, H.S 0.00m/s'],
  ])('that tells %s most of the time', (_, text) => {
    expect(isTelemetry([text, text, 'REC'])).toBe(true)
    expect(isTelemetry([text, 'Bom dia.', 'Tudo bem?', 'Tudo.'])).toBe(false)
  })
})

describe('text of a person', () => {
  it.each([
    ['thousands', 'Entre 1.500 e 2.000 pessoas'],
    ['a price', 'Custa R$ 1.234,56 ou 1.234,56, tanto faz.'],
    ['a year', 'Em 1999, éramos 20.'],
    ['weather', 'Faz 30° à sombra, 28° na rua.'],
    ['a height', `Ele tem 5'11" e 80 quilos.`],
    ['words like those of a device', 'GPS? Latitude e longitude, por favor. Home: sweet home.'],
    ['a number to call', 'Ligue para 0800 123 4567, ramal 8, e fale com a Ana'],
  ])('may hold %s', (_, text) => {
    expect(isTelemetry([text, 'Bom dia.', 'Tudo bem?'])).toBe(false)
  })

  it('is read in time however long it is', () => {
    const spaces = `1.2345${' '.repeat(5000)}x ${'1.'.repeat(5000)} ${'<'.repeat(5000)}`
    const begun = performance.now()
    isTelemetry(Array.from({ length: 50 }, () => spaces))
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})
