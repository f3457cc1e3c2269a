// What a program written with minio-go does, told only another endpoint: minio-go ENDPOINT FILE
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	bucket = "balcao-media"
	part   = 8 << 20
)

var ctx = context.Background()

func main() {
	log.SetFlags(log.Lshortfile)
	endpoint, file := os.Args[1], os.Args[2]
	whole := must(os.ReadFile(file))
	for _, trailing := range []bool{false, true} {
		core := connect(endpoint, trailing)
		prefix := fmt.Sprintf("minio-go/%v/", trailing)
		transfers(core, prefix, file, whole)
		resumes(core, prefix, whole)
		presigns(core, prefix)
		removes(core, prefix)
	}
	fmt.Println("all right")
}

func connect(endpoint string, trailing bool) *minio.Core {
	where := must(url.Parse(endpoint))
	return must(minio.NewCore(where.Host, &minio.Options{
		Creds:           credentials.NewStaticV4(os.Getenv("ID"), os.Getenv("SECRET"), ""),
		TrailingHeaders: trailing,
	}))
}

func transfers(core *minio.Core, prefix, file string, whole []byte) {
	client, key := core.Client, prefix+"ação & reação.mkv"
	metadata := map[string]string{"Titulo": "praia em família"}
	sent := must(client.FPutObject(ctx, bucket, key, file, minio.PutObjectOptions{
		PartSize: part, ContentType: "video/x-matroska", UserMetadata: metadata,
	}))
	check(sent.Size == int64(len(whole)), "size of what was sent")
	stat := must(client.StatObject(ctx, bucket, key, minio.StatObjectOptions{Checksum: true}))
	check(stat.Size == int64(len(whole)) && stat.ContentType == "video/x-matroska", "what is told of it: %+v", stat)
	check(stat.UserMetadata["Titulo"] == metadata["Titulo"], "metadata: %v", stat.UserMetadata)
	same(client, key, whole)

	object := must(client.GetObject(ctx, bucket, key, minio.GetObjectOptions{}))
	must(object.Seek(5, io.SeekStart))
	ten := make([]byte, 10)
	must(io.ReadFull(object, ten))
	check(bytes.Equal(ten, whole[5:15]), "a range")
	object.Close()

	small := []byte("olá")
	must(client.PutObject(ctx, bucket, prefix+"small", bytes.NewReader(small), int64(len(small)), minio.PutObjectOptions{}))
	same(client, prefix+"small", small)
	// Of a length that nobody knows before the end.
	must(client.PutObject(ctx, bucket, prefix+"stream", io.MultiReader(bytes.NewReader(whole)), -1, minio.PutObjectOptions{PartSize: part}))
	same(client, prefix+"stream", whole)

	from := minio.CopySrcOptions{Bucket: bucket, Object: key}
	must(client.CopyObject(ctx, minio.CopyDestOptions{Bucket: bucket, Object: prefix + "copy"}, from))
	same(client, prefix+"copy", whole)
	must(client.ComposeObject(ctx, minio.CopyDestOptions{Bucket: bucket, Object: prefix + "twice"}, from, from))
	same(client, prefix+"twice", append(append([]byte{}, whole...), whole...))
	tags := must(client.GetObjectTagging(ctx, bucket, key, minio.GetObjectTaggingOptions{}))
	check(len(tags.ToMap()) == 0, "tags: %v", tags)

	var found []string
	for object := range client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		fail(object.Err)
		found = append(found, strings.TrimPrefix(object.Key, prefix))
	}
	check(strings.Join(found, "|") == "ação & reação.mkv|copy|small|stream|twice", "listed: %v", found)
}

// An upload that was cut off is found, its parts are listed, and it goes on with those that are missing.
func resumes(core *minio.Core, prefix string, whole []byte) {
	key := prefix + "cut off"
	begun := must(core.NewMultipartUpload(ctx, bucket, key, minio.PutObjectOptions{}))
	send := func(id string, number int) minio.ObjectPart {
		bytesOf := whole[(number-1)*part : min(number*part, len(whole))]
		return must(core.PutObjectPart(ctx, bucket, key, id, number, bytes.NewReader(bytesOf), int64(len(bytesOf)), minio.PutObjectPartOptions{}))
	}
	send(begun, 1)

	var id string
	for upload := range core.Client.ListIncompleteUploads(ctx, bucket, key, true) {
		fail(upload.Err)
		id = upload.UploadID
	}
	check(id == begun, "the upload that was begun: %q", id)
	there := must(core.ListObjectParts(ctx, bucket, key, id, 0, 1000))
	check(len(there.ObjectParts) == 1, "its parts: %v", there.ObjectParts)
	complete := []minio.CompletePart{{PartNumber: 1, ETag: there.ObjectParts[0].ETag}}
	for number := 2; (number-1)*part < len(whole); number++ {
		sent := send(id, number)
		complete = append(complete, minio.CompletePart{PartNumber: number, ETag: sent.ETag})
	}
	must(core.CompleteMultipartUpload(ctx, bucket, key, id, complete, minio.PutObjectOptions{}))
	same(core.Client, key, whole)

	must(core.NewMultipartUpload(ctx, bucket, key, minio.PutObjectOptions{}))
	fail(core.Client.RemoveIncompleteUpload(ctx, bucket, key))
	for upload := range core.Client.ListIncompleteUploads(ctx, bucket, key, true) {
		check(false, "an upload that was given up: %v", upload)
	}
}

func presigns(core *minio.Core, prefix string) {
	key, body := prefix+"presigned", "by a link"
	put := must(core.Client.PresignedPutObject(ctx, bucket, key, time.Minute))
	request := must(http.NewRequest(http.MethodPut, put.String(), strings.NewReader(body)))
	answer := must(http.DefaultClient.Do(request))
	check(answer.StatusCode == 200, "PUT by a signed URL: %v", answer.Status)
	get := must(core.Client.PresignedGetObject(ctx, bucket, key, time.Minute, url.Values{"response-content-type": {"video/mp4"}}))
	answer = must(http.Get(get.String()))
	check(string(must(io.ReadAll(answer.Body))) == body, "GET by a signed URL")
	check(answer.Header.Get("content-type") == "video/mp4", "its type: %v", answer.Header)
}

func removes(core *minio.Core, prefix string) {
	listed := core.Client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true})
	for failed := range core.Client.RemoveObjects(ctx, bucket, listed, minio.RemoveObjectsOptions{}) {
		fail(failed.Err)
	}
	_, err := core.Client.StatObject(ctx, bucket, prefix+"small", minio.StatObjectOptions{})
	check(minio.ToErrorResponse(err).Code == "NoSuchKey", "after its removal: %v", err)
}

func same(client *minio.Client, key string, expected []byte) {
	object := must(client.GetObject(ctx, bucket, key, minio.GetObjectOptions{Checksum: true}))
	defer object.Close()
	hash := sha256.New()
	must(io.Copy(hash, object))
	wanted := sha256.Sum256(expected)
	check(bytes.Equal(hash.Sum(nil), wanted[:]), "%s came back otherwise than it was sent", key)
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Output(2, err.Error())
		os.Exit(1)
	}
	return value
}

func fail(err error) {
	if err != nil {
		log.Output(2, err.Error())
		os.Exit(1)
	}
}

func check(holds bool, format string, values ...any) {
	if !holds {
		log.Output(2, fmt.Sprintf(format, values...))
		os.Exit(1)
	}
}
