BEGIN TRANSACTION;
CREATE TABLE articles (
	id TEXT NOT NULL, 
	url TEXT, 
	canonical_url TEXT NOT NULL, 
	content_type TEXT NOT NULL, 
	headline TEXT NOT NULL, 
	description TEXT, 
	body TEXT NOT NULL, 
	section TEXT, 
	section_name TEXT, 
	date_published TEXT, 
	date_modified TEXT, 
	date_published_raw TEXT, 
	in_language TEXT NOT NULL, 
	duplicate_of TEXT, 
	content_hash TEXT NOT NULL, 
	fetched_at TEXT, 
	source TEXT NOT NULL, 
	template TEXT NOT NULL, 
	reader_version INTEGER NOT NULL, 
	schema_version INTEGER NOT NULL, 
	gone_at TEXT, 
	PRIMARY KEY (canonical_url)
);
INSERT INTO "articles" VALUES('post1','https://vov.vn/xa-hoi/cau-moi-post1.vov','https://vov.vn/xa-hoi/cau-moi-post1.vov','article','Cầu mới thông xe','Cây cầu nối hai bờ sông.','Cầu mở ngày 7/10.

Xe qua cầu trong 3 ngày đầu.','xa-hoi','Xã hội','2026-07-11T08:00:00+07:00',NULL,NULL,'vi',NULL,'1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9','2026-07-15T04:00:00+00:00','live','drupal-2026',3,3,NULL);
INSERT INTO "articles" VALUES('post2','https://vov.vn/xa-hoi/cau-moi-post2.vov','https://vov.vn/xa-hoi/cau-moi-post2.vov','article','Cầu thông xe sớm','Cây cầu nối hai bờ sông.','Cầu mở ngày 8/10.

Xe qua cầu trong 3 ngày đầu.','xa-hoi','Xã hội','2026-07-12T08:00:00+07:00','2026-07-17T09:00:00+07:00',NULL,'vi',NULL,'1690925e9289b1689741e76b161add1824bd75f728db7f60aeedd6609c2ce9bf','2026-07-15T18:00:00+00:00','live','drupal-2026',4,3,NULL);
INSERT INTO "articles" VALUES('post3','https://vov.vn/xa-hoi/cau-moi-post3.vov','https://vov.vn/xa-hoi/cau-moi-post3.vov','article','Cầu mới thông xe',NULL,'Cầu mở ngày 7/10.

Xe qua cầu trong 3 ngày đầu.','xa-hoi','Xã hội','2026-07-13T08:00:00+07:00',NULL,NULL,'vi',NULL,'e116f64f25409dcabe4d3f397b1506eb3cac6d31faf6827b2ca010f456a87443','2026-07-15T20:00:00+00:00','live','drupal-2026',3,3,NULL);
CREATE TABLE audios (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	thumbnail TEXT, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
CREATE TABLE authors (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	affiliation TEXT, 
	name_raw TEXT NOT NULL, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "authors" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'Lan Anh','VOV.VN','Lan Anh/VOV.VN');
INSERT INTO "authors" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'Lan Anh','VOV.VN','Lan Anh/VOV.VN');
INSERT INTO "authors" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'Lan Anh','VOV.VN','Lan Anh/VOV.VN');
CREATE TABLE blocks (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	type TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "blocks" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'paragraph',0,17);
INSERT INTO "blocks" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',1,'paragraph',19,46);
INSERT INTO "blocks" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'paragraph',0,17);
INSERT INTO "blocks" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',1,'paragraph',19,46);
INSERT INTO "blocks" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'paragraph',0,17);
INSERT INTO "blocks" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',1,'paragraph',19,46);
CREATE TABLE breadcrumbs (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	url TEXT, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "breadcrumbs" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'Xã hội','https://vov.vn/xa-hoi');
INSERT INTO "breadcrumbs" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'Xã hội','https://vov.vn/xa-hoi');
INSERT INTO "breadcrumbs" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'Xã hội','https://vov.vn/xa-hoi');
CREATE TABLE claims (
	walk INTEGER NOT NULL, 
	address TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	depth INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	asked_for BOOLEAN NOT NULL, 
	found_on TEXT, 
	source_modified TEXT, 
	waits_for TEXT, 
	covered TEXT, 
	PRIMARY KEY (walk, address), 
	FOREIGN KEY(walk) REFERENCES walks (id)
);
CREATE TABLE feeds (
	name TEXT NOT NULL, 
	path TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	mark TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	synced_size INTEGER NOT NULL, 
	synced_mark TEXT NOT NULL, 
	synced_sequence INTEGER NOT NULL, 
	boot TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "feeds" VALUES('/nowhere/vov.jsonl','/nowhere/vov.jsonl',0,'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',3,0,'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',3,'',2);
CREATE TABLE images (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	caption TEXT, 
	credit TEXT, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "images" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'https://media.vov.vn/a.jpg','Cầu',NULL);
INSERT INTO "images" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'https://media.vov.vn/a.jpg','Cầu',NULL);
INSERT INTO "images" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'https://media.vov.vn/a.jpg','Cầu',NULL);
CREATE TABLE keywords (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	keyword TEXT NOT NULL, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "keywords" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'cầu');
INSERT INTO "keywords" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',1,'giao thông');
INSERT INTO "keywords" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'cầu');
INSERT INTO "keywords" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',1,'sông');
INSERT INTO "keywords" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'cầu');
INSERT INTO "keywords" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',1,'giao thông');
CREATE TABLE links (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	text TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "links" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'https://vov.vn/xa-hoi/cau-moi-post9.vov','Xe qua',19,25);
INSERT INTO "links" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'https://vov.vn/xa-hoi/cau-moi-post9.vov','Xe qua',19,25);
CREATE TABLE pages (
	number INTEGER NOT NULL, 
	address TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	outcome TEXT, 
	reason TEXT, 
	status INTEGER, 
	attempts INTEGER NOT NULL, 
	depth INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	asked_for BOOLEAN NOT NULL, 
	found_on TEXT, 
	first_walk INTEGER NOT NULL, 
	walk INTEGER NOT NULL, 
	canonical_url TEXT, 
	published TEXT, 
	source_modified TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	waits_for TEXT, 
	covered TEXT, 
	discovered_at TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (address), 
	FOREIGN KEY(first_walk) REFERENCES walks (id), 
	FOREIGN KEY(walk) REFERENCES walks (id)
);
INSERT INTO "pages" VALUES(1,'https://vov.vn/xa-hoi/cau-moi-post1.vov','article','done','article',NULL,200,1,0,0,0,'https://vov.vn/xa-hoi',1,1,'https://vov.vn/xa-hoi/cau-moi-post1.vov','2026-07-12T08:00:00+07:00',NULL,NULL,NULL,NULL,NULL,'2026-07-15T03:00:00+00:00','2026-07-15T10:00:00+00:00');
INSERT INTO "pages" VALUES(2,'https://vov.vn/xa-hoi/cau-moi-post2.vov','article','done','article',NULL,200,1,0,0,0,'https://vov.vn/xa-hoi',1,1,'https://vov.vn/xa-hoi/cau-moi-post2.vov','2026-07-12T08:00:00+07:00',NULL,NULL,NULL,NULL,NULL,'2026-07-15T03:00:00+00:00','2026-07-15T11:00:00+00:00');
INSERT INTO "pages" VALUES(3,'https://vov.vn/xa-hoi/cau-moi-post3.vov','article','in flight',NULL,NULL,NULL,1,0,0,0,'https://vov.vn/xa-hoi',1,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-07-15T03:00:00+00:00','2026-07-15T03:00:00+00:00');
CREATE TABLE related (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	id TEXT, 
	url TEXT, 
	headline TEXT NOT NULL, 
	description TEXT, 
	placement TEXT NOT NULL, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "related" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'post9','https://vov.vn/xa-hoi/cau-moi-post9.vov','Tin khác',NULL,'related');
INSERT INTO "related" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'post9','https://vov.vn/xa-hoi/cau-moi-post9.vov','Tin khác',NULL,'related');
INSERT INTO "related" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'post9','https://vov.vn/xa-hoi/cau-moi-post9.vov','Tin khác',NULL,'related');
CREATE TABLE revisions (
	sequence INTEGER NOT NULL, 
	canonical_url TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	run INTEGER, 
	content_hash TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	changed TEXT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (sequence), 
	UNIQUE (canonical_url, number), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "revisions" VALUES(1,'https://vov.vn/xa-hoi/cau-moi-post1.vov',1,1,'1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9','2026-07-15T05:00:00+00:00','2026-07-15T05:00:00+00:00','[]','{"id": "post1", "url": "https://vov.vn/xa-hoi/cau-moi-post1.vov", "canonical_url": "https://vov.vn/xa-hoi/cau-moi-post1.vov", "content_type": "article", "headline": "Cầu mới thông xe", "description": "Cây cầu nối hai bờ sông.", "body": "Cầu mở ngày 7/10.\n\nXe qua cầu trong 3 ngày đầu.", "blocks": [{"type": "paragraph", "start": 0, "end": 17}, {"type": "paragraph", "start": 19, "end": 46}], "section": "xa-hoi", "section_name": "Xã hội", "breadcrumbs": [{"name": "Xã hội", "url": "https://vov.vn/xa-hoi"}], "authors": [{"name": "Lan Anh", "affiliation": "VOV.VN", "name_raw": "Lan Anh/VOV.VN"}], "keywords": ["cầu", "giao thông"], "date_published": "2026-07-11T08:00:00+07:00", "date_modified": null, "date_published_raw": null, "images": [{"url": "https://media.vov.vn/a.jpg", "caption": "Cầu", "credit": null}], "videos": [{"url": "https://media.vov.vn/a.mp4", "thumbnail": null}], "audios": [], "related": [{"id": "post9", "url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "headline": "Tin khác", "description": null, "placement": "related"}], "links": [{"url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "text": "Xe qua", "start": 19, "end": 25}], "time_expressions": [{"field": "body", "start": 7, "end": 16, "text": "ngày 7/10", "type": "DATE", "value": "2026-10-07", "mod": null, "conflict": false}, {"field": "body", "start": 38, "end": 44, "text": "3 ngày", "type": "DURATION", "value": "P3D", "mod": null, "conflict": false}], "in_language": "vi", "duplicate_of": null, "content_hash": "1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9", "fetched_at": "2026-07-15T04:00:00+00:00", "source": "live", "template": "drupal-2026", "warnings": [], "reader_version": 3, "schema_version": 3}');
INSERT INTO "revisions" VALUES(2,'https://vov.vn/xa-hoi/cau-moi-post2.vov',1,1,'1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9','2026-07-15T07:00:00+00:00','2026-07-15T07:00:00+00:00','[]','{"id": "post2", "url": "https://vov.vn/xa-hoi/cau-moi-post2.vov", "canonical_url": "https://vov.vn/xa-hoi/cau-moi-post2.vov", "content_type": "article", "headline": "Cầu mới thông xe", "description": "Cây cầu nối hai bờ sông.", "body": "Cầu mở ngày 7/10.\n\nXe qua cầu trong 3 ngày đầu.", "blocks": [{"type": "paragraph", "start": 0, "end": 17}, {"type": "paragraph", "start": 19, "end": 46}], "section": "xa-hoi", "section_name": "Xã hội", "breadcrumbs": [{"name": "Xã hội", "url": "https://vov.vn/xa-hoi"}], "authors": [{"name": "Lan Anh", "affiliation": "VOV.VN", "name_raw": "Lan Anh/VOV.VN"}], "keywords": ["cầu", "giao thông"], "date_published": "2026-07-12T08:00:00+07:00", "date_modified": null, "date_published_raw": null, "images": [{"url": "https://media.vov.vn/a.jpg", "caption": "Cầu", "credit": null}], "videos": [{"url": "https://media.vov.vn/a.mp4", "thumbnail": null}], "audios": [], "related": [{"id": "post9", "url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "headline": "Tin khác", "description": null, "placement": "related"}], "links": [{"url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "text": "Xe qua", "start": 19, "end": 25}], "time_expressions": [{"field": "body", "start": 7, "end": 16, "text": "ngày 7/10", "type": "DATE", "value": "2026-10-07", "mod": null, "conflict": false}, {"field": "body", "start": 38, "end": 44, "text": "3 ngày", "type": "DURATION", "value": "P3D", "mod": null, "conflict": false}], "in_language": "vi", "duplicate_of": null, "content_hash": "1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9", "fetched_at": "2026-07-15T06:00:00+00:00", "source": "live", "template": "drupal-2026", "warnings": [], "reader_version": 3, "schema_version": 3}');
INSERT INTO "revisions" VALUES(3,'https://vov.vn/xa-hoi/cau-moi-post3.vov',1,1,'1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9','2026-07-15T09:00:00+00:00','2026-07-15T09:00:00+00:00','[]','{"id": "post3", "url": "https://vov.vn/xa-hoi/cau-moi-post3.vov", "canonical_url": "https://vov.vn/xa-hoi/cau-moi-post3.vov", "content_type": "article", "headline": "Cầu mới thông xe", "description": "Cây cầu nối hai bờ sông.", "body": "Cầu mở ngày 7/10.\n\nXe qua cầu trong 3 ngày đầu.", "blocks": [{"type": "paragraph", "start": 0, "end": 17}, {"type": "paragraph", "start": 19, "end": 46}], "section": "xa-hoi", "section_name": "Xã hội", "breadcrumbs": [{"name": "Xã hội", "url": "https://vov.vn/xa-hoi"}], "authors": [{"name": "Lan Anh", "affiliation": "VOV.VN", "name_raw": "Lan Anh/VOV.VN"}], "keywords": ["cầu", "giao thông"], "date_published": "2026-07-13T08:00:00+07:00", "date_modified": null, "date_published_raw": null, "images": [{"url": "https://media.vov.vn/a.jpg", "caption": "Cầu", "credit": null}], "videos": [{"url": "https://media.vov.vn/a.mp4", "thumbnail": null}], "audios": [], "related": [{"id": "post9", "url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "headline": "Tin khác", "description": null, "placement": "related"}], "links": [{"url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "text": "Xe qua", "start": 19, "end": 25}], "time_expressions": [{"field": "body", "start": 7, "end": 16, "text": "ngày 7/10", "type": "DATE", "value": "2026-10-07", "mod": null, "conflict": false}, {"field": "body", "start": 38, "end": 44, "text": "3 ngày", "type": "DURATION", "value": "P3D", "mod": null, "conflict": false}], "in_language": "vi", "duplicate_of": null, "content_hash": "1cbbdd51113deff02b3283a3274025decf97d4644690fae5f22d3f401a02a8e9", "fetched_at": "2026-07-15T08:00:00+00:00", "source": "live", "template": "drupal-2026", "warnings": [], "reader_version": 3, "schema_version": 3}');
INSERT INTO "revisions" VALUES(4,'https://vov.vn/xa-hoi/cau-moi-post2.vov',2,2,'9bb9d61426af250f13ebdfd137fdaa602d68b45ecc4caf15a5da9ac7a6657aac','2026-07-15T15:00:00+00:00','2026-07-15T15:00:00+00:00','["headline", "keywords", "date_modified"]','{"id": "post2", "url": "https://vov.vn/xa-hoi/cau-moi-post2.vov", "canonical_url": "https://vov.vn/xa-hoi/cau-moi-post2.vov", "content_type": "article", "headline": "Cầu thông xe sớm", "description": "Cây cầu nối hai bờ sông.", "body": "Cầu mở ngày 7/10.\n\nXe qua cầu trong 3 ngày đầu.", "blocks": [{"type": "paragraph", "start": 0, "end": 17}, {"type": "paragraph", "start": 19, "end": 46}], "section": "xa-hoi", "section_name": "Xã hội", "breadcrumbs": [{"name": "Xã hội", "url": "https://vov.vn/xa-hoi"}], "authors": [{"name": "Lan Anh", "affiliation": "VOV.VN", "name_raw": "Lan Anh/VOV.VN"}], "keywords": ["cầu"], "date_published": "2026-07-12T08:00:00+07:00", "date_modified": "2026-07-16T09:00:00+07:00", "date_published_raw": null, "images": [{"url": "https://media.vov.vn/a.jpg", "caption": "Cầu", "credit": null}], "videos": [{"url": "https://media.vov.vn/a.mp4", "thumbnail": null}], "audios": [], "related": [{"id": "post9", "url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "headline": "Tin khác", "description": null, "placement": "related"}], "links": [{"url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "text": "Xe qua", "start": 19, "end": 25}], "time_expressions": [{"field": "body", "start": 7, "end": 16, "text": "ngày 7/10", "type": "DATE", "value": "2026-10-07", "mod": null, "conflict": false}, {"field": "body", "start": 38, "end": 44, "text": "3 ngày", "type": "DURATION", "value": "P3D", "mod": null, "conflict": false}], "in_language": "vi", "duplicate_of": null, "content_hash": "9bb9d61426af250f13ebdfd137fdaa602d68b45ecc4caf15a5da9ac7a6657aac", "fetched_at": "2026-07-15T14:00:00+00:00", "source": "live", "template": "drupal-2026", "warnings": [], "reader_version": 3, "schema_version": 3}');
INSERT INTO "revisions" VALUES(5,'https://vov.vn/xa-hoi/cau-moi-post2.vov',3,2,'1690925e9289b1689741e76b161add1824bd75f728db7f60aeedd6609c2ce9bf','2026-07-15T17:00:00+00:00','2026-07-15T19:00:00+00:00','["body", "date_modified", "links", "time_expressions"]','{"id": "post2", "url": "https://vov.vn/xa-hoi/cau-moi-post2.vov", "canonical_url": "https://vov.vn/xa-hoi/cau-moi-post2.vov", "content_type": "article", "headline": "Cầu thông xe sớm", "description": "Cây cầu nối hai bờ sông.", "body": "Cầu mở ngày 8/10.\n\nXe qua cầu trong 3 ngày đầu.", "blocks": [{"type": "paragraph", "start": 0, "end": 17}, {"type": "paragraph", "start": 19, "end": 46}], "section": "xa-hoi", "section_name": "Xã hội", "breadcrumbs": [{"name": "Xã hội", "url": "https://vov.vn/xa-hoi"}], "authors": [{"name": "Lan Anh", "affiliation": "VOV.VN", "name_raw": "Lan Anh/VOV.VN"}], "keywords": ["cầu"], "date_published": "2026-07-12T08:00:00+07:00", "date_modified": "2026-07-17T09:00:00+07:00", "date_published_raw": null, "images": [{"url": "https://media.vov.vn/a.jpg", "caption": "Cầu", "credit": null}], "videos": [{"url": "https://media.vov.vn/a.mp4", "thumbnail": null}], "audios": [], "related": [{"id": "post9", "url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "headline": "Tin khác", "description": null, "placement": "related"}], "links": [], "time_expressions": [{"field": "body", "start": 7, "end": 16, "text": "ngày 8/10", "type": "DATE", "value": "2026-10-08", "mod": null, "conflict": false}, {"field": "body", "start": 38, "end": 44, "text": "3 ngày", "type": "DURATION", "value": "P3D", "mod": null, "conflict": false}], "in_language": "vi", "duplicate_of": null, "content_hash": "1690925e9289b1689741e76b161add1824bd75f728db7f60aeedd6609c2ce9bf", "fetched_at": "2026-07-15T16:00:00+00:00", "source": "live", "template": "drupal-2026", "warnings": [], "reader_version": 3, "schema_version": 3}');
INSERT INTO "revisions" VALUES(6,'https://vov.vn/xa-hoi/cau-moi-post3.vov',2,2,'e116f64f25409dcabe4d3f397b1506eb3cac6d31faf6827b2ca010f456a87443','2026-07-15T21:00:00+00:00','2026-07-15T21:00:00+00:00','["description"]','{"id": "post3", "url": "https://vov.vn/xa-hoi/cau-moi-post3.vov", "canonical_url": "https://vov.vn/xa-hoi/cau-moi-post3.vov", "content_type": "article", "headline": "Cầu mới thông xe", "description": null, "body": "Cầu mở ngày 7/10.\n\nXe qua cầu trong 3 ngày đầu.", "blocks": [{"type": "paragraph", "start": 0, "end": 17}, {"type": "paragraph", "start": 19, "end": 46}], "section": "xa-hoi", "section_name": "Xã hội", "breadcrumbs": [{"name": "Xã hội", "url": "https://vov.vn/xa-hoi"}], "authors": [{"name": "Lan Anh", "affiliation": "VOV.VN", "name_raw": "Lan Anh/VOV.VN"}], "keywords": ["cầu", "giao thông"], "date_published": "2026-07-13T08:00:00+07:00", "date_modified": null, "date_published_raw": null, "images": [{"url": "https://media.vov.vn/a.jpg", "caption": "Cầu", "credit": null}], "videos": [{"url": "https://media.vov.vn/a.mp4", "thumbnail": null}], "audios": [], "related": [{"id": "post9", "url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "headline": "Tin khác", "description": null, "placement": "related"}], "links": [{"url": "https://vov.vn/xa-hoi/cau-moi-post9.vov", "text": "Xe qua", "start": 19, "end": 25}], "time_expressions": [{"field": "body", "start": 7, "end": 16, "text": "ngày 7/10", "type": "DATE", "value": "2026-10-07", "mod": null, "conflict": false}, {"field": "body", "start": 38, "end": 44, "text": "3 ngày", "type": "DURATION", "value": "P3D", "mod": null, "conflict": false}], "in_language": "vi", "duplicate_of": null, "content_hash": "e116f64f25409dcabe4d3f397b1506eb3cac6d31faf6827b2ca010f456a87443", "fetched_at": "2026-07-15T20:00:00+00:00", "source": "live", "template": "drupal-2026", "warnings": [], "reader_version": 3, "schema_version": 3}');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	walk INTEGER, 
	arguments TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	ended_at TEXT, 
	outcome TEXT, 
	exit_status INTEGER, 
	requests INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	revised INTEGER NOT NULL, 
	unchanged INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(walk) REFERENCES walks (id)
);
INSERT INTO "runs" VALUES(1,1,'{"since": "all"}','2026-07-15T02:00:00+00:00','2026-07-15T12:00:00+00:00','finished',0,0,0,3,0,0,0);
INSERT INTO "runs" VALUES(2,1,'{"since": "all"}','2026-07-15T13:00:00+00:00',NULL,NULL,NULL,0,0,0,0,0,0);
CREATE TABLE store_properties (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "store_properties" VALUES('schema_version','3');
INSERT INTO "store_properties" VALUES('made_by','vovcrawl 0.1.0');
CREATE TABLE time_expressions (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	type TEXT NOT NULL, 
	value TEXT NOT NULL, 
	mod TEXT, 
	"conflict" BOOLEAN NOT NULL, 
	first_day TEXT, 
	last_day TEXT, 
	sentence TEXT, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "time_expressions" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'body',7,16,'ngày 7/10','DATE','2026-10-07',NULL,0,'2026-10-07','2026-10-07','Cầu mở ngày 7/10.');
INSERT INTO "time_expressions" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',1,'body',38,44,'3 ngày','DURATION','P3D',NULL,0,NULL,NULL,'Xe qua cầu trong 3 ngày đầu.');
INSERT INTO "time_expressions" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'body',7,16,'ngày 8/10','DATE','2026-10-08',NULL,0,'2026-10-08','2026-10-08','Cầu mở ngày 8/10.');
INSERT INTO "time_expressions" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',1,'body',38,44,'3 ngày','DURATION','P3D',NULL,0,NULL,NULL,'Xe qua cầu trong 3 ngày đầu.');
INSERT INTO "time_expressions" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'body',7,16,'ngày 7/10','DATE','2026-10-07',NULL,0,'2026-10-07','2026-10-07','Cầu mở ngày 7/10.');
INSERT INTO "time_expressions" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',1,'body',38,44,'3 ngày','DURATION','P3D',NULL,0,NULL,NULL,'Xe qua cầu trong 3 ngày đầu.');
CREATE TABLE videos (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	thumbnail TEXT, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
INSERT INTO "videos" VALUES('https://vov.vn/xa-hoi/cau-moi-post1.vov',0,'https://media.vov.vn/a.mp4',NULL);
INSERT INTO "videos" VALUES('https://vov.vn/xa-hoi/cau-moi-post2.vov',0,'https://media.vov.vn/a.mp4',NULL);
INSERT INTO "videos" VALUES('https://vov.vn/xa-hoi/cau-moi-post3.vov',0,'https://media.vov.vn/a.mp4',NULL);
CREATE TABLE walks (
	id INTEGER NOT NULL, 
	arguments TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	since TEXT, 
	keeps_from TEXT, 
	seeded BOOLEAN NOT NULL, 
	finished_at TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "walks" VALUES(1,'{"since": "all"}','2026-07-15T01:00:00+00:00',NULL,NULL,0,NULL);
CREATE TABLE warnings (
	canonical_url TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	warning TEXT NOT NULL, 
	PRIMARY KEY (canonical_url, position), 
	FOREIGN KEY(canonical_url) REFERENCES articles (canonical_url) ON DELETE CASCADE
);
CREATE INDEX articles_id ON articles (id);
CREATE INDEX articles_date_published ON articles (date_published);
CREATE INDEX articles_content_hash ON articles (content_hash);
CREATE INDEX articles_duplicate_of ON articles (duplicate_of);
CREATE INDEX articles_section ON articles (section);
CREATE INDEX articles_content_type ON articles (content_type);
CREATE INDEX authors_name ON authors (name);
CREATE INDEX keywords_keyword ON keywords (keyword);
CREATE INDEX related_url ON related (url);
CREATE INDEX time_expressions_days ON time_expressions (first_day, last_day);
CREATE INDEX revisions_run ON revisions (run, sequence);
CREATE INDEX pages_canonical_url ON pages (canonical_url);
CREATE INDEX pages_published ON pages (published);
CREATE INDEX pages_queue ON pages (walk, state, priority DESC, number);
COMMIT;
