import { z } from 'zod'
import type { Route } from './route.ts'

/** S3 allows objects of 5 TB; the product counts in decimal (D1-03). */
export const MAX_UPLOAD_BYTES = 5_000_000_000_000
/** A single PUT ends at 5 GiB (VIDEO.md). */
export const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3

/** PostgreSQL's text holds every character but U+0000. */
const storable = z.string().regex(/^[^\0]*$/, 'must not hold U+0000')
const fileName = storable.trim().min(1).max(255)
const bytes = z.number().int().min(1).max(MAX_UPLOAD_BYTES)

/** D1-22: `fileName` alone is enough. */
export const UploadUrlBody = z.object({ fileName, size: z.number().int().min(1).max(MAX_SINGLE_PUT_BYTES).optional() })
export type UploadUrlBody = z.infer<typeof UploadUrlBody>

export const UploadUrlAnswer = z.object({
  /** A signed PUT, good for 3600 s (D1-23). */
  uploadUrl: z.string(),
  jobId: z.string(),
  videoId: z.string(),
  key: z.string(),
  /** Seconds. */
  expiresIn: z.number().int(),
})
export type UploadUrlAnswer = z.infer<typeof UploadUrlAnswer>

/** `fingerprint` is made by the client from name, size and date, so that a reload finds its upload again. */
export const StartUploadBody = z.object({ fileName, size: bytes, fingerprint: storable.min(1).max(200).optional() })
export type StartUploadBody = z.infer<typeof StartUploadBody>

export const Upload = z.object({
  videoId: z.string(),
  fileName: z.string(),
  /** Bytes. */
  size: z.number().int(),
  /** Bytes; every part but the last has exactly this many. */
  partSize: z.number().int(),
  partCount: z.number().int(),
  fingerprint: z.string().nullable(),
  createdAt: z.iso.datetime(),
})
export type Upload = z.infer<typeof Upload>

export const UploadList = z.object({ items: z.array(Upload) })

/** The parts the store already holds, by number. Paged: follow `nextCursor` until it is null. */
export const PartList = z.object({
  items: z.array(z.object({ partNumber: z.number().int(), size: z.number().int() })),
  nextCursor: z.string().nullable(),
})
export type PartList = z.infer<typeof PartList>

export const SignPartsBody = z.object({ partNumbers: z.array(z.number().int().min(1).max(10_000)).min(1).max(100) })
export type SignPartsBody = z.infer<typeof SignPartsBody>
/** A signed PUT per part; the content-length of the part is signed with it. */
export const SignedParts = z.object({
  items: z.array(z.object({ partNumber: z.number().int(), size: z.number().int(), url: z.string() })),
  expiresIn: z.number().int(),
})
export type SignedParts = z.infer<typeof SignedParts>

export const JobProblem = z.object({
  code: z.string(),
  message: z.string(),
  /** Bytes that the server's disk was short of at least, where that is why it waits and is known. */
  missing: z.number().int().optional(),
})
export type JobProblem = z.infer<typeof JobProblem>

export const VideoState = z.enum(['uploading', 'queued', 'processing', 'ready', 'failed'])
export type VideoState = z.infer<typeof VideoState>

export const LeftOut = z.enum(['pictures', 'readings', 'unreadable', 'too_much'])
export type LeftOut = z.infer<typeof LeftOut>

export const Video = z.object({
  id: z.string(),
  /** The file's name as the person gave it. */
  title: z.string(),
  state: VideoState,
  /** 0 … 100 while it is processed. */
  percent: z.number().min(0).max(100),
  /** Seconds until it is ready, when that can be told. */
  etaSeconds: z.number().nullable(),
  /** True as soon as the first segment exists. */
  playable: z.boolean(),
  /** True when there is an MP4 to download. */
  downloadable: z.boolean(),
  /** True when what was sent can be downloaded, byte by byte. */
  originalKept: z.boolean(),
  /** True when it lies beside the MP4, and its owner may give it up. */
  originalRemovable: z.boolean(),
  /** True when it failed and processing it again may help; false when the file itself was refused. */
  retryable: z.boolean(),
  /** Bytes of the original, when known. */
  size: z.number().int().nullable(),
  durationSeconds: z.number().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  posterUrl: z.string().nullable(),
  /** The moment that its owner chose for the poster; null where it is the automatic one. */
  posterAtSeconds: z.number().nullable(),
  /** True while the picture of that moment is still being made: `posterUrl` is the one before. */
  posterPending: z.boolean(),
  /** Why it failed, or a warning such as `video/partial`; the code is the key of the text. */
  problem: JobProblem.nullable(),
  /** How many tracks of the upload cannot be watched, and why: subtitles that are pictures of text, text that a device
   *  wrote (where it was), tracks of which nothing could be read, and more than a film needs. */
  leftOut: z.array(z.object({ why: LeftOut, tracks: z.number().int().min(1) })),
  createdAt: z.iso.datetime(),
  /** Set while the video is in the trash. */
  deletedAt: z.iso.datetime().nullable(),
})
export type Video = z.infer<typeof Video>

/** Seconds of film: 0 … its duration. */
export const ChoosePosterBody = z.object({ atSeconds: z.number().min(0) })
export type ChoosePosterBody = z.infer<typeof ChoosePosterBody>

export const ListVideosQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  search: storable.trim().max(100).optional(),
  sort: z.enum(['newest', 'oldest', 'title']).default('newest'),
  trash: z.enum(['true', 'false']).default('false'),
})
export type ListVideosQuery = z.infer<typeof ListVideosQuery>

export const VideoList = z.object({ items: z.array(Video), nextCursor: z.string().nullable() })
export type VideoList = z.infer<typeof VideoList>

export const Playback = z.object({
  /** Path of the master playlist on the API's own origin. It holds a capability, needs no header, and is good for the
   *  film's length plus six hours. */
  url: z.string(),
  /** True while segments are still being added. */
  live: z.boolean(),
  posterUrl: z.string().nullable(),
  /** In order; the title is the author's. */
  chapters: z.array(z.object({ startSeconds: z.number().min(0), title: z.string().max(200).nullable() })).max(500),
  /** Path of its thumbnails as WebVTT, like `url`; null where there are none. */
  storyboardUrl: z.string().nullable(),
})
export type Playback = z.infer<typeof Playback>

export const Download = z.object({ url: z.string(), fileName: z.string(), expiresIn: z.number().int() })
export type Download = z.infer<typeof Download>

const PLAYLIST = 'application/vnd.apple.mpegurl'

export const videoRoutes = {
  uploadHealth: {
    method: 'GET',
    path: '/upload/health',
    summary: 'Whether the upload API answers (D3-44)',
    auth: 'none',
    answers: { 200: 'text/plain' },
  },
  downloadHealth: {
    method: 'GET',
    path: '/download/health',
    summary: 'Whether the download API answers (D3-44)',
    auth: 'none',
    answers: { 200: 'text/plain' },
  },
  uploadUrl: {
    method: 'POST',
    path: '/videos/upload-url',
    summary: 'A signed URL for one PUT',
    auth: 'bearer',
    body: UploadUrlBody,
    answers: { 200: UploadUrlAnswer },
  },
  startUpload: {
    method: 'POST',
    path: '/videos/uploads',
    summary: 'Begin an upload in parts',
    auth: 'bearer',
    body: StartUploadBody,
    answers: { 201: Upload },
  },
  uploads: {
    method: 'GET',
    path: '/videos/uploads',
    summary: 'Uploads in parts that are not complete',
    auth: 'bearer',
    answers: { 200: UploadList },
  },
  parts: {
    method: 'GET',
    path: '/videos/uploads/{id}/parts',
    summary: 'Parts already stored',
    auth: 'bearer',
    query: z.object({ cursor: z.string().max(20).optional() }),
    answers: { 200: PartList },
  },
  signParts: {
    method: 'POST',
    path: '/videos/uploads/{id}/parts',
    summary: 'Signed URLs for parts',
    auth: 'bearer',
    body: SignPartsBody,
    answers: { 200: SignedParts },
  },
  completeUpload: {
    method: 'POST',
    path: '/videos/uploads/{id}/complete',
    summary: 'All parts are there: process the video',
    auth: 'bearer',
    answers: { 202: Video },
  },
  abortUpload: {
    method: 'DELETE',
    path: '/videos/uploads/{id}',
    summary: 'Give an upload up',
    auth: 'bearer',
    answers: { 204: null },
  },
  list: {
    method: 'GET',
    path: '/videos',
    summary: 'My videos',
    auth: 'bearer',
    query: ListVideosQuery,
    answers: { 200: VideoList },
  },
  get: { method: 'GET', path: '/videos/{id}', summary: 'One video', auth: 'bearer', answers: { 200: Video } },
  playback: {
    method: 'GET',
    path: '/videos/{id}/playback',
    summary: 'Where to play it',
    auth: 'bearer',
    answers: { 200: Playback },
  },
  masterPlaylist: {
    method: 'GET',
    path: '/videos/play/{capability}/master.m3u8',
    summary:
      'HLS master playlist; the capability stands for its owner. With `announced` it names qualities to come, too',
    auth: 'none',
    query: z.object({ announced: z.enum(['true', 'false']).default('false') }),
    answers: { 200: PLAYLIST },
  },
  mediaPlaylist: {
    method: 'GET',
    path: '/videos/play/{capability}/{rendition}.m3u8',
    summary: 'HLS playlist of one rendition, with a signed URL per segment',
    auth: 'none',
    answers: { 200: PLAYLIST },
  },
  storyboard: {
    method: 'GET',
    path: '/videos/play/{capability}/storyboard.vtt',
    summary: 'Thumbnails to seek by, as WebVTT: rectangles of a sheet with a signed URL',
    auth: 'none',
    answers: { 200: 'text/vtt' },
  },
  download: {
    method: 'GET',
    path: '/videos/{id}/download',
    summary: 'Where to download the MP4',
    auth: 'bearer',
    answers: { 200: Download },
  },
  original: {
    method: 'GET',
    path: '/videos/{id}/original',
    summary: 'Where to download what was sent',
    auth: 'bearer',
    answers: { 200: Download },
  },
  giveUpOriginal: {
    method: 'DELETE',
    path: '/videos/{id}/original',
    summary: 'Erase what was sent; what was made of it stays',
    auth: 'bearer',
    answers: { 200: Video },
  },
  choosePoster: {
    method: 'PUT',
    path: '/videos/{id}/poster',
    summary: 'Make the poster of a moment of the film; the last choice counts',
    auth: 'bearer',
    body: ChoosePosterBody,
    answers: { 202: Video },
  },
  automaticPoster: {
    method: 'DELETE',
    path: '/videos/{id}/poster',
    summary: 'Go back to the automatic poster',
    auth: 'bearer',
    answers: { 200: Video },
  },
  delete: {
    method: 'DELETE',
    path: '/videos/{id}',
    summary: 'Move to the trash, kept for 30 days',
    auth: 'bearer',
    answers: { 204: null },
  },
  restore: {
    method: 'POST',
    path: '/videos/{id}/restore',
    summary: 'Take out of the trash',
    auth: 'bearer',
    answers: { 200: Video },
  },
  retry: {
    method: 'POST',
    path: '/videos/{id}/retry',
    summary: 'Process a failed video again, while it is `retryable`',
    auth: 'bearer',
    answers: { 202: Video },
  },
} as const satisfies Record<string, Route>
