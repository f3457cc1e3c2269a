"""What a program written against S3 does, told only another endpoint: python boto3_client.py ENDPOINT FILE"""

import hashlib
import os
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, path = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="sa-east-1",
    aws_access_key_id=os.environ["ID"],
    aws_secret_access_key=os.environ["SECRET"],
    # Without it boto3 signs URLs with version 2, which S3 no longer takes for new buckets.
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)
bucket, key = "balcao-media", "boto3/ação & reação.mkv"
with open(path, "rb") as file:
    whole = file.read()

s3.upload_file(path, bucket, key, Config=TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20))
head = s3.head_object(Bucket=bucket, Key=key)
assert head["ContentLength"] == len(whole), head
assert head["ETag"].endswith(f'-{-(-len(whole) // (8 << 20))}"'), head["ETag"]
got = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
assert hashlib.sha256(got).digest() == hashlib.sha256(whole).digest()
assert s3.get_object(Bucket=bucket, Key=key, Range="bytes=5-14")["Body"].read() == whole[5:15]

# An upload that was cut off: found again, its parts listed, the missing ones sent.
resumed, size = "boto3/retomado", 8 << 20
begun = s3.create_multipart_upload(Bucket=bucket, Key=resumed)["UploadId"]
s3.upload_part(Bucket=bucket, Key=resumed, UploadId=begun, PartNumber=1, Body=whole[:size])
(found,) = s3.list_multipart_uploads(Bucket=bucket, Prefix=resumed)["Uploads"]
assert found["UploadId"] == begun, found
parts = [
    {"PartNumber": p["PartNumber"], "ETag": p["ETag"]}
    for p in s3.list_parts(Bucket=bucket, Key=resumed, UploadId=begun)["Parts"]
]
for number in range(2, -(-len(whole) // size) + 1):
    body = whole[(number - 1) * size : number * size]
    sent = s3.upload_part(Bucket=bucket, Key=resumed, UploadId=begun, PartNumber=number, Body=body)
    parts.append({"PartNumber": number, "ETag": sent["ETag"]})
s3.complete_multipart_upload(Bucket=bucket, Key=resumed, UploadId=begun, MultipartUpload={"Parts": parts})
s3.copy({"Bucket": bucket, "Key": resumed}, bucket, "boto3/cópia", Config=TransferConfig(multipart_threshold=size))
assert s3.get_object(Bucket=bucket, Key="boto3/cópia")["Body"].read() == whole
assert s3.get_object_tagging(Bucket=bucket, Key=resumed)["TagSet"] == []

for number in range(5):
    s3.put_object(Bucket=bucket, Key=f"boto3/lista/{number}", Body=bytes([number]))
pages = s3.get_paginator("list_objects_v2").paginate(
    Bucket=bucket, Prefix="boto3/lista/", PaginationConfig={"PageSize": 2}
)
assert [o["Key"] for page in pages for o in page["Contents"]] == [f"boto3/lista/{n}" for n in range(5)]

url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=60)
assert len(urllib.request.urlopen(url).read()) == len(whole)
try:
    urllib.request.urlopen(url.replace("boto3", "boto4", 1))
    raise AssertionError("an altered URL was accepted")
except urllib.error.HTTPError as error:
    assert error.code == 403, error.code

put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "boto3/link"}, ExpiresIn=60)
urllib.request.urlopen(urllib.request.Request(put, data=b"by a link", method="PUT"))
assert s3.get_object(Bucket=bucket, Key="boto3/link")["Body"].read() == b"by a link"

for o in s3.list_objects_v2(Bucket=bucket, Prefix="boto3/")["Contents"]:
    s3.delete_object(Bucket=bucket, Key=o["Key"])
try:
    s3.head_object(Bucket=bucket, Key=key)
    raise AssertionError("a deleted object is still there")
except ClientError as error:
    assert error.response["Error"]["Code"] == "404", error.response
print("all right")
