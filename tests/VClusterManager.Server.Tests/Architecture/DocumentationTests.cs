using System.Text.RegularExpressions;
using Shouldly;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>The links in the documentation lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = RepositoryFolder.Path;

    private static readonly string[] Pages =
    [
        .. Directory.EnumerateFiles(Root, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(Root, "bench"), "*.md"),
    ];

    [Fact]
    public void Every_link_within_the_repository_leads_to_a_file_and_a_heading_that_are_there()
    {
        Pages.Length.ShouldBeGreaterThan(20);
        Pages.SelectMany(BrokenLinks).ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_is_found_from_the_first_one()
    {
        var found = new HashSet<string> { Path.Combine(Root, "README.md") };
        var next = new Queue<string>(found);
        while (next.TryDequeue(out var page))
        {
            foreach (var target in Links(page).SelectMany(link => PagesAt(PathOf(page, link))).Where(found.Add))
            {
                next.Enqueue(target);
            }
        }

        Pages.Except(found).Select(page => Path.GetRelativePath(Root, page)).ShouldBeEmpty();
    }

    private static IEnumerable<string> BrokenLinks(string page)
    {
        foreach (var link in Links(page))
        {
            var target = PathOf(page, link);
            var anchor = link.Contains('#') ? link[(link.IndexOf('#') + 1)..] : "";
            var isThere = Path.Exists(target) && (anchor == "" || (IsPage(target) && Anchors(target).Contains(anchor)));
            if (!isThere)
            {
                yield return $"{Path.GetRelativePath(Root, page)}: {link}";
            }
        }
    }

    /// <summary>A link to a folder leads to all that is in it.</summary>
    private static IEnumerable<string> PagesAt(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.md")
        : IsPage(path) ? [path]
        : [];

    private static bool IsPage(string path) => path.EndsWith(".md", StringComparison.Ordinal) && File.Exists(path);

    private static string PathOf(string page, string link)
    {
        var path = link.Split('#')[0];
        return path == "" ? page : Path.GetFullPath(path, Path.GetDirectoryName(page)!);
    }

    private static IEnumerable<string> Links(string page) =>
        LinkTarget()
            .Matches(Fence().Replace(File.ReadAllText(page), ""))
            .Select(match => match.Groups["link"].Value)
            .Where(link => !link.Contains(':', StringComparison.Ordinal));

    /// <summary>As GitHub makes them of headings; one that comes again gets a number.</summary>
    private static HashSet<string> Anchors(string page)
    {
        HashSet<string> anchors = [];
        foreach (Match heading in Heading().Matches(Fence().Replace(File.ReadAllText(page), "")))
        {
            var words = NotInAnchors().Replace(heading.Groups["words"].Value.Trim().ToLowerInvariant(), "");
            var anchor = words.Replace(' ', '-');
            for (var again = 1; !anchors.Add(anchor); again++)
            {
                anchor = $"{words.Replace(' ', '-')}-{again}";
            }
        }

        return anchors;
    }

    [GeneratedRegex(@"\]\((?<link>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"^#+ (?<words>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();
}
