// swift-tools-version: 6.1

import PackageDescription

// Several builds of one tree need this program once: `.ci/run` takes it from the first of them. Building it is two fifths
// of an optimised build.
let embedRules = Context.environment["PORTLINT_EMBED_RULES"]

// A target exists only because it forbids a tempting import: CONTRIBUTING.md says which.
let package = Package(
  name: "portlint",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "portlint", targets: ["portlint"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
    ),
    .target(name: "CProcess"),
    .target(name: "SourceText"),
    .target(name: "SourceYAML", dependencies: ["CLibYAML", "SourceText"]),
    .target(name: "ServicesData", exclude: ["rebuild.py"]),
    .target(name: "PortModel", dependencies: ["ServicesData", "SourceText"]),
    .target(name: "ManifestFormats", dependencies: ["PortModel", "SourceText", "SourceYAML"]),
    .target(name: "PolicyEngine", dependencies: ["PortModel", "SourceText", "SourceYAML"]),
    .target(name: "Reporters", dependencies: ["PortModel", "SourceText"], exclude: ["rebuild.py"]),
    .target(
      name: "BuiltInRules",
      dependencies: ["PolicyEngine", "PortModel"],
      path: "rules",
      exclude: ["formats", "schema"],
      sources: ["BuiltInRules.swift"],
      plugins: ["RuleEmbedder"]
    ),
    .target(
      name: "BuiltInFormats",
      dependencies: ["ManifestFormats", "PortModel", "SourceText", "SourceYAML"],
      path: "rules/formats",
      sources: ["BuiltInFormats.swift"],
      plugins: ["RuleEmbedder"]
    ),
    .plugin(
      name: "RuleEmbedder", capability: .buildTool(), dependencies: embedRules == nil ? ["embed-rules"] : [],
      path: "Sources/RuleEmbedder"),
    .executableTarget(
      name: "embed-rules", dependencies: ["ManifestFormats", "PolicyEngine", "PortModel", "SourceText", "SourceYAML"]),
    .target(
      name: "Workspace",
      dependencies: [
        "BuiltInFormats", "BuiltInRules", "CProcess", "ManifestFormats", "PolicyEngine", "PortModel", "SourceText",
        "SourceYAML",
      ]
    ),
    .executableTarget(
      name: "portlint",
      dependencies: [
        "CProcess", "Reporters", "Workspace",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(
      name: "ManifestFormatsTests", dependencies: ["ManifestFormats", "PortModel", "SourceText", "SourceYAML"],
      exclude: ["Fixtures"]),
    .testTarget(name: "SourceTextTests", dependencies: ["SourceText"]),
    .testTarget(
      name: "SourceYAMLTests", dependencies: ["SourceText", "SourceYAML", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "PortModelTests", dependencies: ["PortModel"]),
    .testTarget(name: "PlainFormatTests", dependencies: ["ManifestFormats", "PortModel", "SourceText"]),
    .testTarget(
      name: "PolicyEngineTests", dependencies: ["PolicyEngine", "PortModel", "TestSupport", "Workspace"],
      exclude: ["Fixtures"]),
    .testTarget(name: "KubernetesTests", dependencies: ["PolicyEngine", "PortModel", "SourceText", "Workspace"]),
    .testTarget(name: "PortlintTests", dependencies: ["portlint"]),
    .testTarget(
      name: "WorkspaceTests",
      dependencies: [
        "ManifestFormats", "PolicyEngine", "PortModel", "Reporters", "SourceText", "TestSupport", "Workspace",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// NB: Swift 6.3 names generic types by text and has the runtime look them up at their first use, and for each of their
// constraints it goes through all conformances of the program: 4 of the 10.5 million instructions of `portlint FILE`.
// With this the compiler calls what makes the type, as it does for a type that is not generic.
for target in package.targets where [.regular, .executable, .test].contains(target.type) && target.name != "CProcess" {
  target.swiftSettings = [
    .unsafeFlags(
      ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"], .when(configuration: .release))
  ]
}

// The fuzzers are no part of the package: `.ci/fuzz` builds them, with libFuzzer's loop.
if Context.environment["PORTLINT_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzzing",
      dependencies: [
        "ManifestFormats", "PolicyEngine", "PortModel", "Reporters", "SourceText", "SourceYAML", "Workspace",
      ],
      path: "Tests/Fuzzing",
      exclude: ["dictionary.txt", "seeds.py"],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]))
}
