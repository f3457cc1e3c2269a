"""Begins an upload and goes away behind its first part: python cut_off.py ENDPOINT FILE KEY. Says the upload's id."""

import os
import sys

import boto3

endpoint, path, key = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="sa-east-1",
    aws_access_key_id=os.environ["ID"],
    aws_secret_access_key=os.environ["SECRET"],
)
upload = s3.create_multipart_upload(Bucket="balcao-media", Key=key)["UploadId"]
with open(path, "rb") as file:
    part = file.read(8 << 20)
s3.upload_part(Bucket="balcao-media", Key=key, UploadId=upload, PartNumber=1, Body=part)
print(upload)
