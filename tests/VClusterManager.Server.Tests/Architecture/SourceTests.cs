using Shouldly;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>What only the source can tell.</summary>
public sealed class SourceTests
{
    private const int MaxLines = 300;

    /// <summary>The cases of one thing are a list, and may be a longer one.</summary>
    private const int MaxLinesOfTests = 400;

    /// <summary>Longer before there was this rule: they may shrink, and must not grow.</summary>
    private static readonly Dictionary<string, int> MaxLinesOfLongOnes = new()
    {
        ["ObjectRegistry.cs"] = 312,
        ["ResourceCatalog.cs"] = 310,
    };

    private static readonly char Slash = Path.DirectorySeparatorChar;

    private static readonly string[] Folders = ["src", "sandbox", "tests"];

    private static IEnumerable<string> Files =>
        Folders
            .Select(folder => Path.Combine(RepositoryFolder.Path, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Slash}obj{Slash}", StringComparison.Ordinal));

    [Fact]
    public void No_file_is_so_long_that_it_holds_two_things() =>
        Files
            // Written by a tool, and read by one.
            .Where(file => !file.Contains($"{Slash}Migrations{Slash}", StringComparison.Ordinal))
            .Select(file =>
                (Name: Path.GetRelativePath(RepositoryFolder.Path, file), Lines: File.ReadLines(file).Count())
            )
            .Where(file => file.Lines > LimitOf(file.Name))
            .Select(file => $"{file.Name}: {file.Lines} lines, at most {LimitOf(file.Name)}")
            .ShouldBeEmpty();

    [Fact]
    public void Namespaces_are_where_the_files_are()
    {
        var server = Path.Combine(RepositoryFolder.Path, "src", "VClusterManager.Server");
        Files
            .Where(file => file.StartsWith(server + Slash, StringComparison.Ordinal))
            .Select(file => (File: Path.GetRelativePath(server, file), Space: NamespaceOf(file)))
            .Where(file => file.Space is not null && file.Space != Expected(Path.GetDirectoryName(file.File)!))
            .Select(file => $"{file.File} says namespace {file.Space}")
            .ShouldBeEmpty("the architecture tests tell rooms by their namespaces");
    }

    private static int LimitOf(string name) =>
        MaxLinesOfLongOnes.TryGetValue(Path.GetFileName(name), out var limit) ? limit
        : name.StartsWith("tests" + Slash, StringComparison.Ordinal) ? MaxLinesOfTests
        : MaxLines;

    private static string Expected(string folder) =>
        folder.Length == 0 ? "VClusterManager.Server" : $"VClusterManager.Server.{folder.Replace(Slash, '.')}";

    private static string? NamespaceOf(string file) =>
        File.ReadLines(file)
            .Where(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            .Select(line => line["namespace ".Length..].TrimEnd(';', ' ', '{'))
            .FirstOrDefault();
}
