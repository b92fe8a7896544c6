// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "learners",
  products: [
    .executable(name: "learners", targets: ["CLI"]),
    .executable(name: "bench", targets: ["bench"]),
    .executable(name: "hello", targets: ["hello"]),
    .executable(name: "uci", targets: ["uci"]),
    .library(name: "Learners", targets: ["Learners"]),
    .library(name: "Linalg", targets: ["Linalg"]),
    .library(name: "CInterface", type: .static, targets: ["CInterface"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.13.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CBLAS", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "CKernels"),
    .target(name: "CBuild"),
    .target(name: "CLearners"),
    .target(name: "Linalg", dependencies: ["CBLAS", "CMalloc"], swiftSettings: settings),
    .target(name: "Learners", dependencies: ["Linalg", "CKernels", "CZlib", "CCrypto"], swiftSettings: settings),
    .target(name: "ONNX", dependencies: ["Learners", "Linalg"], swiftSettings: settings),
    .target(name: "CInterface", dependencies: ["CLearners", "ONNX", "Learners", "Linalg"], swiftSettings: settings),
    .target(
      name: "Repositories", dependencies: ["Learners", "Linalg"], path: "Sources/Apps/Repositories",
      swiftSettings: settings),
    .target(name: "HTTPClient", dependencies: ["CCurl"], path: "Sources/Apps/HTTPClient", swiftSettings: settings),
    .target(name: "StoreFile", dependencies: [grdb], path: "Sources/Apps/StoreFile", swiftSettings: settings),
    .target(
      name: "Extraction",
      dependencies: ["HTTPClient", "Repositories", "StoreFile", "Learners", "Linalg", "CZlib", grdb],
      path: "Sources/Apps/Extraction", swiftSettings: settings),
    .target(
      name: "Search", dependencies: ["HTTPClient", "StoreFile", "Learners", "Linalg", "CZlib", grdb],
      path: "Sources/Apps/Search", resources: [.embedInCode("Ray/driver.py")], swiftSettings: settings),
    .target(
      name: "Server",
      dependencies: [
        "Learners", "Linalg", "Repositories", "Extraction", "HTTPClient", "Page", logging, lifecycle, unixSignals,
        nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
      ],
      path: "Sources/Apps/Server", swiftSettings: settings),
    .target(name: "Page", path: "Sources/Apps/Page", swiftSettings: settings),
    .target(
      name: "Report", dependencies: ["Page", "Learners", "Linalg"], path: "Sources/Apps/Report",
      swiftSettings: settings),
    .target(
      name: "Deploy", dependencies: ["HTTPClient", "Learners", "Linalg", yams], path: "Sources/Apps/Deploy",
      swiftSettings: settings),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Learners", "Linalg", "ONNX", "Repositories", "Extraction", "HTTPClient", "Search", "Server", "Report",
        "Deploy", "CBuild", "CLearners",
        argumentParser, logging,
      ],
      path: "Sources/Apps/CLI", swiftSettings: settings),
    .executableTarget(
      name: "bench", dependencies: ["Learners", "Linalg", argumentParser], path: "Benchmarks/Suite",
      swiftSettings: settings),
    .executableTarget(
      name: "hello", dependencies: [nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1")], path: "Benchmarks/load/Hello",
      swiftSettings: settings),
    .executableTarget(
      name: "uci", dependencies: ["Learners", "Linalg", argumentParser], path: "Benchmarks/UCI",
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Learners", "Linalg"], path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "LoopbackServer", dependencies: ["CZlib", nio("NIOCore"), nio("NIOPosix")],
      path: "Tests/LoopbackServer", swiftSettings: settings),
    .target(
      name: "GitHubServer",
      dependencies: ["LoopbackServer", "Repositories", "Learners", "Linalg", nio("NIOCore"), nio("NIOHTTP1")],
      path: "Tests/GitHubServer", swiftSettings: settings),
    .executableTarget(
      name: "github-server", dependencies: ["GitHubServer", argumentParser],
      path: "Tests/GitHubServerProgram", swiftSettings: settings),
    .testTarget(name: "LinalgTests", dependencies: ["Linalg", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "LearnersTests", dependencies: ["Learners", "Linalg", "CKernels", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ONNXTests", dependencies: ["ONNX", "Learners", "Linalg", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "RepositoriesTests", dependencies: ["Repositories", "Learners", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "HTTPClientTests", dependencies: ["HTTPClient", "LoopbackServer", "TestSupport", nio("NIOCore")],
      swiftSettings: settings),
    .testTarget(
      name: "GitHubServerTests", dependencies: ["GitHubServer", "HTTPClient", "LoopbackServer", "github-server"],
      swiftSettings: settings),
    .testTarget(
      name: "ExtractionTests",
      dependencies: ["Extraction", "GitHubServer", "HTTPClient", "Repositories", "Learners", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SearchTests",
      dependencies: [
        "Search", "HTTPClient", "LoopbackServer", "Learners", "Linalg", "CZlib", "TestSupport", nio("NIOCore"),
        nio("NIOHTTP1"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DeployTests",
      dependencies: [
        "Deploy", "HTTPClient", "LoopbackServer", "Learners", "Linalg", "TestSupport", nio("NIOCore"), nio("NIOHTTP1"),
      ],
      swiftSettings: settings),
    .testTarget(name: "PageTests", dependencies: ["Page"], swiftSettings: settings),
    .testTarget(
      name: "ReportTests", dependencies: ["Report", "Page", "Learners", "Linalg", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Server", "CLI", "Extraction", "GitHubServer", "HTTPClient", "Repositories", "Learners", "Linalg",
        "TestSupport", logging, nio("NIOCore"), nio("NIOHTTP1"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CLITests",
      dependencies: ["CLI", "Extraction", "GitHubServer", "Learners", "Linalg", "TestSupport"],
      swiftSettings: settings),
  ]
)
