using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Where intents and work are kept.</summary>
internal static class DatabaseSection
{
    public static readonly KeySection Section = new(
        "database",
        "Where everything that was asked for is kept. SQLite serves one server; PostgreSQL serves any number."
    );

    private static readonly Key<DatabaseUrl> Url = Section.Add(
        new Key<DatabaseUrl>(
            new ScalarType<DatabaseUrl>(
                DatabaseUrl.Words,
                ScalarKinds.Text,
                new() { ["pattern"] = "^(sqlite:|postgres(ql)?://)." },
                DatabaseUrl.Parse
            )
        )
        {
            Name = "url",
            Default = "sqlite:data/vcluster-manager.db",
            SampleDefault = "sqlite:../data/vcluster-manager.db",
            ShortVariable = "DATABASE_URL",
            Secret = true,
            Doc =
                "`sqlite:PATH`, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`. Odd characters in "
                + "user and password are percent-encoded. The folder of a SQLite file is made when it is not there.",
        }
    );

    private static readonly Key<DatabaseUrl> ListenUrl = Section.Add(
        new Key<DatabaseUrl>(
            new ScalarType<DatabaseUrl>(
                "postgres://USER:PASSWORD@HOST[:PORT]/DATABASE[?sslmode=...]",
                ScalarKinds.Text,
                new() { ["pattern"] = "^postgres(ql)?://." },
                DatabaseUrl.ParsePostgres
            )
        )
        {
            Name = "listen_url",
            DefaultWords = "`database.url`",
            Secret = true,
            Doc =
                "A direct address of the same PostgreSQL database for `LISTEN`, where a pooler such as PgBouncer stands "
                + "between: a pooler swallows notifications without an error.",
        }
    );

    public static DatabaseOptions Read(ConfigurationValues values)
    {
        var url = values.Get(Url);
        var listen = values.Find(ListenUrl);
        if (listen is not null && url.Kind == DatabaseKind.Sqlite && values.AreValid(Url))
        {
            values.Fail(ListenUrl, $"goes with PostgreSQL only, and {Url.Path} ({Url.Variable}) is SQLite");
        }

        return new()
        {
            Kind = url.Kind,
            ConnectionString = url.ConnectionString,
            File = url.File,
            ListenConnectionString = listen?.ConnectionString,
        };
    }
}
