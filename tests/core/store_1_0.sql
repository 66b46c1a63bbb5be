BEGIN TRANSACTION;
CREATE TABLE owners (
	name VARCHAR(200) NOT NULL, 
	seen DATETIME NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "owners" VALUES('elsewhere:1:a','2026-11-24 20:22:00.229836');
CREATE TABLE records (
	run INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (run, attempt, epoch), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "records" VALUES(1,1,1,'{"epoch": 1, "seconds": 0.08403392499985785, "train": {"loss": 4.975829243659973, "class_loss": 0.6486226320266724, "digit_loss": 4.327206611633301, "accuracy": 0.800000011920929, "digit_accuracy": 0.15000000596046448}, "validation": null, "test": {"loss": 5.3533459305763245, "class_loss": 0.6977711319923401, "digit_loss": 4.655574798583984, "accuracy": 0.4000000059604645, "digit_accuracy": 0.05000000074505806}, "probe": [[0.5, 0.9, 0.3, 0.9, 0.5, 0.7, 0.9, 0.7, 0.9, 1.0], [0.6, 0.9, 0.3, 0.9, 0.5, 0.7, 0.9, 0.7, 0.9, 1.0], [0.1, 0.4, 0.0, 0.3, 0.0, 0.1, 0.4, 0.1, 0.4, 0.8], [0.0, 0.3, 0.0, 0.1, 0.0, 0.1, 0.3, 0.1, 0.3, 0.7], [0.2, 0.8, 0.1, 0.6, 0.2, 0.4, 0.8, 0.4, 0.8, 0.9], [0.2, 0.7, 0.1, 0.6, 0.2, 0.3, 0.7, 0.3, 0.7, 0.9], [0.2, 0.7, 0.1, 0.5, 0.1, 0.3, 0.7, 0.3, 0.7, 0.9], [0.1, 0.5, 0.0, 0.3, 0.1, 0.1, 0.5, 0.1, 0.5, 0.8], [0.6, 1.0, 0.4, 0.9, 0.6, 0.8, 1.0, 0.8, 1.0, 1.0], [0.0, 0.2, 0.0, 0.1, 0.0, 0.0, 0.2, 0.1, 0.2, 0.6]], "confusion": [[0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 6, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 4, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0]], "own_pair": null}');
INSERT INTO "records" VALUES(1,1,2,'{"epoch": 2, "seconds": 0.02990271099997699, "train": {"loss": 4.656164288520813, "class_loss": 0.592042088508606, "digit_loss": 4.064122200012207, "accuracy": 0.75, "digit_accuracy": 0.25}, "validation": null, "test": {"loss": 5.306910932064056, "class_loss": 0.7248644232749939, "digit_loss": 4.5820465087890625, "accuracy": 0.4000000059604645, "digit_accuracy": 0.05000000074505806}, "probe": [[0.6, 0.9, 0.3, 0.9, 0.5, 0.7, 0.9, 0.8, 0.9, 1.0], [0.6, 0.9, 0.4, 0.9, 0.5, 0.8, 1.0, 0.8, 1.0, 1.0], [0.1, 0.5, 0.0, 0.2, 0.0, 0.1, 0.5, 0.1, 0.5, 0.8], [0.0, 0.3, 0.0, 0.1, 0.0, 0.1, 0.3, 0.1, 0.3, 0.6], [0.2, 0.7, 0.1, 0.5, 0.1, 0.4, 0.8, 0.4, 0.8, 0.9], [0.3, 0.8, 0.1, 0.6, 0.2, 0.4, 0.8, 0.4, 0.8, 0.9], [0.2, 0.7, 0.1, 0.5, 0.1, 0.3, 0.7, 0.4, 0.7, 0.9], [0.1, 0.5, 0.0, 0.3, 0.1, 0.2, 0.5, 0.2, 0.5, 0.8], [0.7, 1.0, 0.5, 0.9, 0.6, 0.8, 1.0, 0.8, 1.0, 1.0], [0.0, 0.2, 0.0, 0.1, 0.0, 0.1, 0.2, 0.1, 0.2, 0.6]], "confusion": [[0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 3, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 6, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 4, 0, 0, 0, 0, 0], [0, 0, 0, 0, 4, 0, 0, 0, 1, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0]], "own_pair": null}');
INSERT INTO "records" VALUES(2,1,1,'{"epoch": 1, "seconds": 0.08403392499985785, "train": {"loss": 4.975829243659973, "class_loss": 0.6486226320266724, "digit_loss": 4.327206611633301, "accuracy": 0.800000011920929, "digit_accuracy": 0.15000000596046448}, "validation": null, "test": {"loss": 5.3533459305763245, "class_loss": 0.6977711319923401, "digit_loss": 4.655574798583984, "accuracy": 0.4000000059604645, "digit_accuracy": 0.05000000074505806}, "probe": [[0.5, 0.9, 0.3, 0.9, 0.5, 0.7, 0.9, 0.7, 0.9, 1.0], [0.6, 0.9, 0.3, 0.9, 0.5, 0.7, 0.9, 0.7, 0.9, 1.0], [0.1, 0.4, 0.0, 0.3, 0.0, 0.1, 0.4, 0.1, 0.4, 0.8], [0.0, 0.3, 0.0, 0.1, 0.0, 0.1, 0.3, 0.1, 0.3, 0.7], [0.2, 0.8, 0.1, 0.6, 0.2, 0.4, 0.8, 0.4, 0.8, 0.9], [0.2, 0.7, 0.1, 0.6, 0.2, 0.3, 0.7, 0.3, 0.7, 0.9], [0.2, 0.7, 0.1, 0.5, 0.1, 0.3, 0.7, 0.3, 0.7, 0.9], [0.1, 0.5, 0.0, 0.3, 0.1, 0.1, 0.5, 0.1, 0.5, 0.8], [0.6, 1.0, 0.4, 0.9, 0.6, 0.8, 1.0, 0.8, 1.0, 1.0], [0.0, 0.2, 0.0, 0.1, 0.0, 0.0, 0.2, 0.1, 0.2, 0.6]], "confusion": [[0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 6, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 4, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0]], "own_pair": null}');
CREATE TABLE runs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(200) NOT NULL, 
	config TEXT NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	"group" VARCHAR(64), 
	status VARCHAR(10) NOT NULL, 
	reason TEXT NOT NULL, 
	owner VARCHAR(200) NOT NULL, 
	attempt INTEGER NOT NULL, 
	epochs INTEGER NOT NULL, 
	last_accuracy FLOAT, 
	best_accuracy FLOAT, 
	created DATETIME NOT NULL, 
	started DATETIME, 
	ended DATETIME, 
	outcome TEXT, 
	snapshot BLOB, 
	snapshot_epoch INTEGER NOT NULL, 
	model BLOB, 
	deleted BOOLEAN NOT NULL
);
INSERT INTO "runs" VALUES(1,'finished of 1.0','{"variant": "v1", "shared": true, "auxiliary_weight": 1.0, "learning_rate": 0.01, "weight_decay": 0.01, "optimiser": "adam", "schedule": "constant", "epochs": 2, "batch_size": 64, "train_pairs": 20, "validation_pairs": 0, "test_pairs": 10, "balance": "none", "shuffle": "none", "dropout_flat": 0.25, "dropout_encoding": 0.5, "label_smoothing": 0.0, "augmentation": null, "protocol": "corrected", "watch_test": true, "data_seed": 0, "init_seed": 0, "device": "auto", "own_pair": ""}','24d3156bf52b8846','g','finished','','',1,2,4.00000005960464477539e-01,4.00000005960464477539e-01,'2026-11-24 20:22:00.218379','2026-11-24 20:22:00.222950','2026-11-24 20:22:00.223610','{"epoch": 2, "validation_accuracy": null, "test_accuracy": 0.4000000059604645, "test_digit_accuracy": 0.05000000074505806, "all_pairs_accuracy": null, "last_test_accuracy": 0.4000000059604645, "contradictions": 1.0, "wrong_cells": {"ideal": 39, "typical": 55}, "seconds": 0.11393663599983483}',NULL,0,X'6D6F64656C',0);
INSERT INTO "runs" VALUES(2,'paused of 1.0','{"variant": "v5", "shared": true, "auxiliary_weight": 1.0, "learning_rate": 0.01, "weight_decay": 0.01, "optimiser": "adam", "schedule": "constant", "epochs": 40, "batch_size": 64, "train_pairs": 1000, "validation_pairs": 200, "test_pairs": 1000, "balance": "none", "shuffle": "none", "dropout_flat": 0.25, "dropout_encoding": 0.5, "label_smoothing": 0.0, "augmentation": null, "protocol": "corrected", "watch_test": true, "data_seed": 1, "init_seed": 0, "device": "auto", "own_pair": ""}','fbbc44725a7a5056',NULL,'paused','','',1,1,4.00000005960464477539e-01,4.00000005960464477539e-01,'2026-11-24 20:22:00.224372','2026-11-24 20:22:00.224668','2026-11-24 20:22:00.226171',NULL,X'736E617073686F74',1,NULL,0);
INSERT INTO "runs" VALUES(3,'hidden of 1.0','{"variant": "v6", "shared": true, "auxiliary_weight": 0.5, "learning_rate": 0.01, "weight_decay": 0.01, "optimiser": "adam", "schedule": "constant", "epochs": 40, "batch_size": 64, "train_pairs": 1000, "validation_pairs": 200, "test_pairs": 1000, "balance": "none", "shuffle": "none", "dropout_flat": 0.25, "dropout_encoding": 0.5, "label_smoothing": 0.0, "augmentation": null, "protocol": "corrected", "watch_test": true, "data_seed": 0, "init_seed": 0, "device": "auto", "own_pair": ""}','8482957d090c34d3',NULL,'stopped','','',1,0,NULL,NULL,'2026-11-24 20:22:00.226778',NULL,'2026-11-24 20:22:00.227017',NULL,NULL,0,NULL,1);
INSERT INTO "runs" VALUES(4,'unreadable of 1.0','{"variant": "v99"}','80f3b492146885b3',NULL,'stopped','','',1,0,NULL,NULL,'2026-11-24 20:22:00.228040',NULL,'2026-11-24 20:22:00.228583',NULL,NULL,0,NULL,0);
INSERT INTO "runs" VALUES(5,'left behind by 1.0','{"variant": "v5", "shared": true, "auxiliary_weight": 1.0, "learning_rate": 0.01, "weight_decay": 0.01, "optimiser": "adam", "schedule": "constant", "epochs": 40, "batch_size": 64, "train_pairs": 1000, "validation_pairs": 200, "test_pairs": 1000, "balance": "none", "shuffle": "none", "dropout_flat": 0.25, "dropout_encoding": 0.5, "label_smoothing": 0.0, "augmentation": null, "protocol": "corrected", "watch_test": true, "data_seed": 2, "init_seed": 0, "device": "auto", "own_pair": ""}','7cc608c2e706f933',NULL,'running','','elsewhere:1:a',1,0,NULL,NULL,'2026-11-24 20:22:00.228931','2026-11-24 20:22:00.229166',NULL,NULL,NULL,0,NULL,0);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',5);
COMMIT;
