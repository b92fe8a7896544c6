"""Clients, proxies and operators' tools that are not ours, each run for real. Run by scripts/clients-test."""

import asyncio
import importlib
import io
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scene import ADMIN, ROOT, Scene, Server, free_port, tool, wait_for  # noqa: E402

ROWS = [{"area": 50.0, "kind": "flat"}, {"area": None, "kind": "house"}, {"area": 90.0, "kind": "igloo"}]


def setUpModule():
    global scene, server, expected
    scene = Scene()
    server = Server(scene)
    expected = server.predict("homes", ROWS)


def tearDownModule():
    server.stop()
    scene.stop()


class KServe(unittest.TestCase):
    def ask(self, *inputs):
        from kserve import InferenceRESTClient, InferRequest, RESTConfig

        async def infer():
            client = InferenceRESTClient(RESTConfig(protocol="v2", timeout=30))
            for check in [client.is_server_live(server.url), client.is_server_ready(server.url),
                          client.is_model_ready(server.url, "homes")]:
                self.assertTrue(await check)
            request = InferRequest(model_name="homes", infer_inputs=list(inputs))
            return await client.infer(server.url, request, model_name="homes")

        return asyncio.run(infer()).outputs[0]

    def test_json(self):
        from kserve import InferInput

        found = self.ask(InferInput("area", [3], "FP64", data=[50.0, None, 90.0]),
                         InferInput("kind", [3], "BYTES", data=["flat", "house", "igloo"]))
        self.assertEqual(found.data, expected)

    def test_binary(self):
        import numpy
        from kserve import InferInput

        area, kind = InferInput("area", [3], "FP64"), InferInput("kind", [3], "BYTES")
        area.set_data_from_numpy(numpy.array([50.0, numpy.nan, 90.0]), binary_data=True)
        kind.set_data_from_numpy(numpy.array(["flat", "house", "igloo"], dtype=object), binary_data=True)
        self.assertEqual(self.ask(area, kind).as_numpy().tolist(), expected)


class Triton(unittest.TestCase):
    def setUp(self):
        import tritonclient.http as triton

        self.triton = triton
        self.client = triton.InferenceServerClient(server.url.removeprefix("http://"))
        self.addCleanup(self.client.close)

    def test_health_and_metadata(self):
        self.assertTrue(self.client.is_server_live() and self.client.is_server_ready())
        self.assertEqual(self.client.get_server_metadata()["name"], "learners")
        self.assertEqual(self.client.get_model_metadata("plants")["outputs"][0]["name"], "age")

    def test_infer(self):
        import numpy

        version = self.client.get_model_metadata("homes")["versions"][0]
        columns = {"area": numpy.array([50.0, numpy.nan, 90.0]),
                   "kind": numpy.array(["flat", "house", "igloo"], dtype=object)}
        for is_binary in [True, False]:
            inputs = []
            for name, values in columns.items():
                # JSON has no NaN: a missing number is null there, which this client does not write.
                rows = values if is_binary else values[[0, 2]]
                tensor = self.triton.InferInput(name, [len(rows)], "BYTES" if name == "kind" else "FP64")
                tensor.set_data_from_numpy(rows, binary_data=is_binary)
                inputs.append(tensor)
            output = self.triton.InferRequestedOutput("price", binary_data=is_binary)
            for packing in [None, "gzip"]:
                result = self.client.infer("homes", inputs, outputs=[output], request_id="42", model_version=version,
                                           request_compression_algorithm=packing)
                self.assertEqual(result.as_numpy("price").tolist(), expected if is_binary else expected[::2])
                self.assertEqual(result.get_response()["id"], "42")

    def test_refusal(self):
        import numpy

        tensor = self.triton.InferInput("nothing", [1], "FP64")
        tensor.set_data_from_numpy(numpy.zeros(1), binary_data=False)
        with self.assertRaisesRegex(self.triton.InferenceServerException, "nothing"):
            self.client.infer("homes", [tensor])

    def test_repository(self):
        headers = {"Authorization": f"Bearer {ADMIN}"}
        self.client.unload_model("plants", headers=headers)
        self.assertFalse(self.client.is_model_ready("plants"))
        self.client.load_model("plants", headers=headers)
        self.assertTrue(self.client.is_model_ready("plants"))
        self.assertEqual({entry["state"] for entry in self.client.get_model_repository_index()}, {"READY"})


class MLServer(unittest.TestCase):
    def test_types(self):
        python = os.path.join(ROOT, ".build/clients-mlserver-venv/bin/python")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mlserver_types.py")
        done = subprocess.run([python, script, server.url, "homes"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([float(text) for text in done.stdout.split()], expected)


class GeneratedClient(unittest.TestCase):
    """A client that openapi-python-client writes by /openapi.json, which describes two models."""

    @classmethod
    def setUpClass(cls):
        settings = scene.path("generator.yaml")
        with open(settings, "w") as file:
            # The generator knows no lines of JSON: they are bytes to it.
            file.write("post_hooks: []\ncontent_type_overrides:\n  application/x-ndjson: application/octet-stream\n")
        with open(scene.path("openapi.json"), "w") as file:
            file.write(server.get("/openapi.json"))
        done = subprocess.run(
            [sys.executable, "-m", "openapi_python_client", "generate", "--path", scene.path("openapi.json"), "--meta",
             "none", "--output-path", scene.path("generated"), "--config", settings, "--fail-on-warning"],
            capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        sys.path.insert(0, scene.folder.name)
        cls.models = importlib.import_module("generated.models")
        cls.client = importlib.import_module("generated.client").Client(base_url=server.url)

    def call(self, operation, **arguments):
        return importlib.import_module(f"generated.api.default.{operation}").sync_detailed(client=self.client, **arguments)

    def test_both_models(self):
        for model, instance, prediction, row, target in [
            ("homes", "InstanceHomes", "PredictionHomes", ROWS[0], "price"),
            ("plants", "InstancePlants", "PredictionPlants", {"height": 12.0, "sort": "oak"}, "age"),
        ]:
            kind = getattr(self.models, "PredictModel")(model)
            body = self.models.PredictBody(instances=[getattr(self.models, instance).from_dict(row)])
            answer = self.call("predict", body=body, model=kind)
            self.assertEqual(answer.status_code, 200, answer.content)
            found = answer.parsed.predictions[0]
            self.assertIsInstance(found, getattr(self.models, prediction))
            self.assertEqual(getattr(found, target), server.predict(model, [row])[0])

    def test_problem(self):
        answer = self.call("predict", body=self.models.PredictBody.from_dict({"instances": [{"area": "big"}]}))
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(answer.parsed.errors[0].path, "instances[0].area")

    def test_stream(self):
        lines = "".join(json.dumps(row) + "\n" for row in ROWS) + "no row\n"
        file = importlib.import_module("generated.types").File(payload=io.BytesIO(lines.encode()))
        answer = self.call("predict_stream", body=file, model=self.models.PredictStreamModel("homes"))
        found = [json.loads(line) for line in answer.content.splitlines()]
        self.assertEqual([row["price"] for row in found[:3]], expected)
        fault = self.models.StreamFault.from_dict(found[3])
        self.assertEqual((fault.error.line, fault.error.code), (4, "invalid-json"))
        self.assertIsInstance(self.models.PredictionHomes.from_dict(found[0]), self.models.PredictionHomes)

    def test_description(self):
        self.assertEqual(self.call("model", model=self.models.ModelModel("plants")).status_code, 200)


class ApacheBench(unittest.TestCase):
    def test_keep_alive(self):
        with open(scene.path("body.json"), "w") as file:
            json.dump({"instances": ROWS}, file)
        for extra in [[], ["-p", scene.path("body.json"), "-T", "application/json"]]:
            path = "/api/predict" if extra else "/healthz"
            begin = time.monotonic()
            done = subprocess.run([tool("ab"), "-q", "-k", "-n", "2000", "-c", "8", *extra, server.url + path],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"Keep-Alive requests: +2000\n")
            self.assertRegex(done.stdout, r"Failed requests: +0\n")
            self.assertNotIn("Non-2xx", done.stdout)
            self.assertLess(time.monotonic() - begin, 14, "connections were not kept")


class NGINX(unittest.TestCase):
    """Below a part of its paths, with TLS, over sockets of the file system."""

    @classmethod
    def setUpClass(cls):
        cls.plain = Server(scene, "--socket", scene.path("plain.sock"), port=False)
        cls.based = Server(scene, "--socket", scene.path("based.sock"), "--base-path", "/kept", "--workers", "2", port=False)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", scene.path("key.pem"),
             "-out", scene.path("cert.pem")], check=True, capture_output=True)
        port = free_port()
        temporary = "\n".join(f"{kind}_temp_path {scene.path(kind)};" for kind in
                              ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        common = "proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host;"
        with open(scene.path("nginx.conf"), "w") as file:
            file.write(f"""
daemon off; master_process off; pid {scene.path('nginx.pid')}; error_log {scene.path('nginx.log')};
events {{ worker_connections 256; }}
http {{
  access_log off; {temporary}
  upstream plain {{ server unix:{scene.path('plain.sock')}; keepalive 8; }}
  upstream based {{ server unix:{scene.path('based.sock')}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {scene.path('cert.pem')}; ssl_certificate_key {scene.path('key.pem')};
    client_max_body_size 1m;
    location /stars/ {{ proxy_pass http://plain/; proxy_set_header X-Forwarded-Prefix /stars; {common} }}
    location /kept/ {{ proxy_pass http://based; proxy_request_buffering off; proxy_buffering off; {common} }}
  }}
}}
""")
        cls.nginx = subprocess.Popen([tool("nginx"), "-e", scene.path("nginx.log"), "-p", scene.folder.name, "-c",
                                      scene.path("nginx.conf")])
        cls.url = f"https://localhost:{port}"
        cls.context = ssl.create_default_context(cafile=scene.path("cert.pem"))
        wait_for("nginx", lambda: cls.answers("/stars/healthz"))

    @classmethod
    def tearDownClass(cls):
        cls.nginx.terminate()
        cls.nginx.wait()
        cls.plain.stop()
        cls.based.stop()
        for name in ["plain.sock", "based.sock"]:
            assert not os.path.exists(scene.path(name)), "a socket is left behind"

    @classmethod
    def answers(cls, path):
        try:
            return cls.ask(path)[0] == 200
        except OSError:
            return False

    @classmethod
    def ask(cls, path, body=None, **headers):
        request = urllib.request.Request(cls.url + path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=30, context=cls.context) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_page_and_what_it_asks_for(self):
        for base in ["/stars/", "/kept/"]:
            status, page = self.ask(base)
            self.assertEqual(status, 200, base)
            for asset in re.findall(r'(?:href|src)="((?:page|icon)[^"]+)"', page):
                self.assertEqual(self.ask(base + asset)[0], 200, base + asset)
            self.assertEqual(self.ask(base + "predict?f.area=50&f.kind=flat")[0], 200)
            origin = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
            body = json.dumps({"instances": ROWS}).encode()
            status, answer = self.ask(base + "api/predict", body, Content_Type="application/json", **origin)
            self.assertEqual(status, 200, answer)
            self.assertEqual([row["price"] for row in json.loads(answer)["predictions"]], expected)
            table = ("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
                     "area,kind\n50,flat\n\r\n--x--\r\n").encode()
            status, answer = self.ask(base + "table", table, Content_Type="multipart/form-data; boundary=x", **origin)
            self.assertEqual(status, 200)
            self.assertIn("1 prediction", answer)

    def test_other_pages_are_kept_out(self):
        status, answer = self.ask("/stars/api/predict", b"{}", Origin="https://evil.example", Content_Type="application/json")
        self.assertEqual(status, 403)
        self.assertIn("https://evil.example", answer)

    def test_openapi_says_where_it_is(self):
        for base in ["/stars", "/kept"]:
            self.assertEqual(json.loads(self.ask(base + "/openapi.json")[1])["servers"], [{"url": base}])

    def test_stream(self):
        lines = "\n".join(json.dumps(row) for row in ROWS).encode()
        for base in ["/stars", "/kept"]:
            status, answer = self.ask(base + "/api/predict/stream", lines, Content_Type="application/x-ndjson")
            self.assertEqual(status, 200)
            self.assertEqual([json.loads(line)["price"] for line in answer.splitlines()], expected)

    def test_what_the_proxy_refuses(self):
        self.assertEqual(self.ask("/stars/api/predict", b" " * (2 << 20), Content_Type="application/json")[0], 413)


class Prometheus(unittest.TestCase):
    def test_metrics(self):
        metrics = server.get("/metrics")
        done = subprocess.run([tool("promtool"), "check", "metrics"], input=metrics, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class LogRotate(unittest.TestCase):
    """Its two ways: a new file after a signal, and a copy of a file that goes on."""

    def rotate(self, name, how):
        settings = scene.path(name + ".conf")
        with open(settings, "w") as file:
            file.write(f"{scene.path(name)} {{\n  rotate 2\n  nocompress\n  {how}\n}}\n")
        os.chmod(settings, 0o644)
        done = subprocess.run([tool("logrotate"), "--force", "--state", scene.path(name + ".state"), settings],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def lines(self, name):
        with open(scene.path(name)) as file:
            return [json.loads(line)["path"] for line in file]

    def check(self, name, how, workers):
        own = Server(scene, "--access-log", scene.path(name), "--workers", str(workers))
        self.addCleanup(own.stop)
        own.get("/healthz?before")
        wait_for("the line", lambda: "/healthz" in self.lines(name))
        before = self.lines(name)
        self.rotate(name, how.format(pid=own.process.pid))
        # Which of the workers answers is chance: the new file is there when all of them have been told.
        if "kill" in how:
            wait_for("the signal", lambda: own.text().count("opened anew") >= workers, 10)
        self.assertEqual(self.lines(name + ".1"), before)
        self.assertEqual(self.lines(name), [])
        for _ in range(20):
            own.get("/metrics")
        wait_for("new lines", lambda: self.lines(name) == ["/metrics"] * 20)
        self.assertEqual(self.lines(name + ".1"), before)

    def test_rename_and_hang_up(self):
        self.check("hup.log", "create\n  postrotate\n    kill -HUP {pid}\n  endscript", 1)

    def test_rename_and_user_signal(self):
        self.check("usr.log", "create\n  postrotate\n    kill -USR1 {pid}\n  endscript", 2)

    def test_copy_and_truncate(self):
        self.check("copy.log", "copytruncate", 1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    unittest.main(verbosity=2)
