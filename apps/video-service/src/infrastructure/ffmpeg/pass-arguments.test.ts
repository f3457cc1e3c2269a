import { describe, expect, it } from 'vitest'
import { WHOLE } from '../../application/ports/transcoder.ts'
import type { Plan } from '../../domain/media/plan.ts'
import { previewOf } from '../../domain/media/preview.ts'
import { passArguments } from './pass-arguments.ts'
import { abilities, anonymous, encoded, guards, remux, sound, start, transcode } from './test/plans.ts'

const hls =
  '-hls_segment_options movflags=+frag_discont -f hls -hls_segment_type fmp4 -hls_time 2 -hls_playlist_type event -hls_list_size 0 ' +
  '-hls_flags independent_segments+temp_file -hls_fmp4_init_filename init_%v.mp4 -hls_segment_filename %v_%05d.m4s'

describe('the pass', () => {
  it('encodes a ladder, the sound apart and a poster from one decoding', () => {
    expect(passArguments(transcode(), abilities).join(' ')).toBe(
      [
        `${start} -loglevel warning -progress pipe:1 -nostats -max_error_rate 1 ${guards} -threads 2 -i ./in`,
        '-filter_complex [0:0]scale=1280:720,format=yuv420p,setsar=1,split=2[v0][t0];' +
          '[t0]scale=854:480,setsar=1,split=2[v1][t1];' +
          '[t1]scale=640:360,setsar=1,thumbnail=n=48,format=yuvj420p[poster]',
        '-map [v0] -map [v1] -c:v:0 libx264 -crf:v:0 21 -maxrate:v:0 8000000 -bufsize:v:0 16000000',
        '-c:v:1 libx264 -crf:v:1 23 -maxrate:v:1 1700000 -bufsize:v:1 3400000 -preset veryfast -profile:v high',
        '-threads:v:0 2 -threads:v:1 1 -x264-params sync-lookahead=0',
        '-force_key_frames expr:gte(t,n_forced*2) -sc_threshold 0 -fps_mode:v vfr',
        '-map 0:1 -c:a:0 aac -b:a:0 128k -ac:a:0 2 -ar:a:0 44100 -filter:a:0 aresample=async=1:first_pts=0',
        `${anonymous} -max_muxing_queue_size 1024 -avoid_negative_ts disabled -output_ts_offset 0.200000`,
        `${hls} -var_stream_map v:0 v:1 a:0 %v.m3u8`,
        '-map [poster] -threads 1 -frames:v 1 -q:v 4 -f image2 -update 1 -atomic_writing 1 poster.jpg',
      ].join(' '),
    )
  })

  it('copies the streams into HLS', () => {
    expect(passArguments(remux, abilities).join(' ')).toBe(
      [
        `${start} -loglevel warning -progress pipe:1 -nostats -max_error_rate 1 ${guards} -i ./in -map 0:2 -c:v copy -bsf:v filter_units=remove_types=6 -map 0:3 -c:a:0 copy -bsf:a:0 aac_adtstoasc`,
        `${anonymous} -max_muxing_queue_size 1024 ${hls} -var_stream_map v:0 a:0 %v.m3u8`,
      ].join(' '),
    )
  })

  it.each([
    ['deinterlaces', { deinterlace: true }, '[0:0]yadif,scale=1280:720,'],
    ['thins to 60 frames a second', { evenRate: 60 }, '[0:0]fps=60:start_time=0,scale=1280:720,'],
    [
      'names colours before scaling and maps tones after it',
      { hdr: 'smpte2084' },
      'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,scale=1280:720,zscale=t=linear',
    ],
  ])('%s', (_, changes, filter) => {
    const args = passArguments(transcode({ picture: encoded(changes) }), abilities)
    expect(args[args.indexOf('-filter_complex') + 1]).toContain(filter)
  })

  it('cuts where the plan says, in every rung and the sound', () => {
    const args = passArguments(transcode({ picture: encoded({ frameRate: 10, segmentSeconds: 5 }) }), abilities)
    expect(args[args.indexOf('-force_key_frames') + 1]).toBe('expr:gte(t,n_forced*5)')
    expect(args[args.indexOf('-hls_time') + 1]).toBe('5')
  })

  it('of the beginning ends there', () => {
    const { picture } = previewOf(transcode() as Parameters<typeof previewOf>[0])
    const args = passArguments(transcode({ picture }), abilities, { ...WHOLE, until: 14 })
    expect(args[args.indexOf('-t') + 1]).toBe('14')
  })

  it('of the rest begins in the middle, but for the sound, and makes no other poster', () => {
    const stretch = { from: 10.5, phase: 0.5, until: undefined, poster: false }
    const args = passArguments(transcode({ download: 'source' }), abilities, stretch)
    expect(args.join(' ')).toContain(
      `-copyts -start_at_zero -ss 10.495000 ${guards} -threads 2 -i ./in ${guards} -threads 2 -i ./in`,
    )
    expect(args[args.indexOf('-force_key_frames') + 1]).toBe('expr:gte(t,n_forced*2-0.500000)')
    expect(args.filter((_, at) => args[at - 1] === '-map')).toEqual(['[v0]', '[v1]', '1:1', '1:0', '1:1'])
  })

  it('leaves tones as they are where ffmpeg lacks zimg', () => {
    const args = passArguments(transcode({ picture: encoded({ hdr: 'smpte2084' }) }), { ...abilities, zscale: false })
    expect(args.join(' ')).not.toContain('zscale')
  })

  it('takes reserved colours away: where ffmpeg would not decode them, and of what is copied', () => {
    const colours = { codec: 'h264', reserved: ['primaries', 'matrix'] } as const
    const nothing = 'h264_metadata=colour_primaries=2:matrix_coefficients=2'
    const decoded = transcode({ picture: encoded(colours) })
    expect(passArguments(decoded, abilities).join(' ')).not.toContain(nothing)
    expect(passArguments(decoded, { ...abilities, filtersInput: true }).join(' ')).toContain(
      `-bsf:0 ${nothing} -i ./in`,
    )
    const copied = { ...remux, picture: { ...remux.picture!, ...colours } } as Plan
    expect(passArguments(copied, abilities).join(' ')).toContain(`-bsf:v filter_units=remove_types=6,${nothing}`)
  })

  it('shares the processors by the size of the pictures', () => {
    const args = passArguments(transcode(), { ...abilities, processors: 8 }).join(' ')
    expect(args).toContain('-threads:v:0 8 -threads:v:1 3 ')
  })

  it('speaks the older language to an older ffmpeg', () => {
    const args = passArguments(transcode(), { ...abilities, recent: false })
    expect(args.join(' ')).toContain('-vsync vfr')
    expect(args).not.toContain('-fps_mode:v')
    expect(args).not.toContain('-hls_segment_options')
  })

  it('of sound alone maps only sound', () => {
    const args = passArguments({ ...remux, name: 'audio_only', picture: undefined, poster: undefined }, abilities)
    expect(args.filter((_, at) => args[at - 1] === '-map')).toEqual(['0:3'])
    expect(args[args.indexOf('-var_stream_map') + 1]).toBe('a:0')
  })

  it('of several sounds makes each one by itself, and tells their languages', () => {
    const sounds = [sound({ stream: 3, iso639: 'por' }), sound({ stream: 5, how: 'encode', iso639: 'eng' })]
    const args = passArguments({ ...remux, sounds }, abilities).join(' ')
    expect(args).toContain(
      '-map 0:3 -map 0:5 -c:a:0 copy -bsf:a:0 aac_adtstoasc ' +
        '-c:a:1 aac -b:a:1 128k -ac:a:1 2 -ar:a:1 48000 -filter:a:1 aresample=async=1:first_pts=0 ' +
        `${anonymous} -metadata:s:a:0 language=por -metadata:s:a:1 language=eng -max_muxing_queue_size`,
    )
    expect(args).toContain('-var_stream_map v:0 a:0 a:1 %v.m3u8')
  })
})
