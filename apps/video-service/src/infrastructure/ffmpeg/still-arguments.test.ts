import { describe, expect, it } from 'vitest'
import { posterArguments, posterAtArguments, storyboardArguments } from './still-arguments.ts'
import { abilities, anonymous, encoded, guards, remux, start, transcode } from './test/plans.ts'

describe('the poster', () => {
  it('of a copied picture is a run of its own', () => {
    expect(posterArguments(remux, abilities)?.join(' ')).toBe(
      `${start} ${guards} -i ./in -map 0:2 -vf scale=640:360,setsar=1,thumbnail=n=48,format=yuvj420p ` +
        `${anonymous} -threads 1 -frames:v 1 -q:v 4 -f image2 -update 1 -atomic_writing 1 poster.jpg`,
    )
  })

  it('of an encoded picture is another one only where the pass made none', () => {
    const args = posterArguments(transcode({ picture: encoded({ hdr: 'smpte2084', deinterlace: true }) }), abilities)!
    expect(args[args.indexOf('-vf') + 1]).toMatch(
      /^yadif,setparams=[^,]*,scale=640:360,zscale=.*,setsar=1,thumbnail=n=48/,
    )
  })
})

it('makes a poster of the last frame that begins by a moment, by the times of its segment', () => {
  const shown = { width: 854, height: 480 }
  expect(posterAtArguments(['./init.mp4', './segment.m4s'], shown, 61.2, abilities).join(' ')).toBe(
    `${start} -copyts -protocol_whitelist file,concat -format_whitelist mov,mp4 -max_streams 64 -max_pixels 35389440 ` +
      "-i concat:./init.mp4|./segment.m4s -map 0:v:0 -vf select='lte(t,61.205000)+eq(n,0)',scale=640:360,setsar=1," +
      `format=yuvj420p -fps_mode passthrough ${anonymous} -q:v 4 -f image2 -update 1 -atomic_writing 1 poster.jpg`,
  )
})

it('makes a storyboard of key frames alone, by the times of the film, in one run', () => {
  const board = { everySeconds: 4, pictures: 25, columns: 10, width: 160, height: 90 }
  expect(storyboardArguments(['./init_1.mp4', './1_00000.m4s'], board, 0.2).join(' ')).toBe(
    `${start} -copyts -skip_frame nokey -protocol_whitelist file,concat -format_whitelist mov,mp4 -max_streams 64 ` +
      '-max_pixels 35389440 -i concat:./init_1.mp4|./1_00000.m4s -map 0:v:0 -vf scale=160:90,' +
      'setsar=1,tpad=stop_duration=4.000000:stop_mode=clone,fps=0.250000000:start_time=0.300000:round=up,tpad=stop=-1:stop_mode=clone,tile=10x3:nb_frames=25,' +
      `format=yuvj420p ${anonymous} -frames:v 1 -q:v 5 -f image2 -update 1 storyboard.jpg`,
  )
})
