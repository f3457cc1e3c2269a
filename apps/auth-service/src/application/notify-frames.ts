import type { FramesEnded } from '@balcao/contracts'
import type { Mailer } from '@balcao/platform'
import type { Users } from './users.ts'

/** Tells a person by mail that the images they asked for are there, or that they could not be made (FX-6). Only the
 *  auth-service knows where they can be reached. */
export class NotifyFrames {
  constructor(private readonly need: { readonly users: Users; readonly mailer: Mailer; readonly publicUrl: string }) {}

  /** Whoever has no confirmed address any more is told nothing. */
  async run({ owner, videoId, result, images, expiresAt }: FramesEnded): Promise<void> {
    const { users, mailer, publicUrl } = this.need
    const to = await users.addressOf(owner)
    if (!to) return
    const link = `${publicUrl}/assistir/${videoId}`
    const until = expiresAt === null ? null : new Date(expiresAt)
    const message = result === 'done' ? done(images ?? 0, link, until) : failed(link)
    await mailer.send({ to, ...message })
  }
}

const day = (date: Date, locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'America/Sao_Paulo' }).format(date)

const done = (images: number, link: string, until: Date | null) => ({
  subject: 'As imagens do seu vídeo estão prontas · Your images are ready',
  text: `O ZIP com ${images} imagens está pronto para baixar${until ? ` até ${day(until, 'pt-BR')}` : ''}:
${link}

The ZIP with ${images} images can be downloaded${until ? ` until ${day(until, 'en')}` : ''}:
${link}
`,
})

const failed = (link: string) => ({
  subject: 'As imagens do seu vídeo não puderam ser feitas · Your images could not be made',
  text: `Algo não deu certo ao fazer as imagens do seu vídeo. Você pode pedir de novo:
${link}

Something went wrong while the images of your video were made. You can ask for them again:
${link}
`,
})
