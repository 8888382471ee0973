using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Reference;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class ReferenceTests
{
    public static TheoryData<string> Files => [.. ConfigReference.Files().Keys];

    public static TheoryData<string> Keys => [.. KeyTable.All.Select(k => k.Path)];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_derived_from_the_keys_is_up_to_date(string name)
    {
        var path = Path.Combine(RepositoryFolder.Path, name);
        var written = File.Exists(path) ? File.ReadAllText(path) : "";

        written.ShouldBe(
            ConfigReference.Files()[name],
            $"{name} is stale. Run: dotnet run --project src/VClusterManager.Server -- {ConfigReference.Verb} ."
        );
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_schema_knows_each_key_and_its_default(string path)
    {
        var node = JsonNode.Parse(SchemaFile.Write())!;
        foreach (var part in path.Split('.'))
        {
            node["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
            node = node["properties"]![part].ShouldNotBeNull();
        }

        var key = KeyTable.Find(path)!;
        node["description"]!.GetValue<string>().ShouldContain(key.Variable);
        (node["default"] is null).ShouldBe(key.Default is null);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_key_is_explained_where_people_look(string path)
    {
        var key = KeyTable.Find(path)!;

        key.Doc.ShouldEndWith(".");
        SampleFile.Write().ShouldContain($"  #{key.Name}:");
        ReferencePage.Write().ShouldContain($"| `{key.Name}` | `{key.Variable}` |");
    }

    [Fact]
    public void No_two_keys_share_a_variable() =>
        KeyTable.All.SelectMany(k => new[] { k.Variable, k.LongVariable }.Distinct()).ShouldBeUnique();

    [Fact]
    public void The_verb_writes_the_files_below_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("vcm-reference-");
        try
        {
            using StringWriter output = new();
            ConfigReference.Run([folder.FullName], output, TextWriter.Null).ShouldBe(0);

            foreach (var (name, content) in ConfigReference.Files())
            {
                File.ReadAllText(Path.Combine(folder.FullName, name)).ShouldBe(content);
                output.ToString().ShouldContain(name);
            }

            ConfigReference.Run([], TextWriter.Null, TextWriter.Null).ShouldBe(2);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
